# /account/email, /confirm-email, /undo-email

email-title = Đổi địa chỉ
email-now = Tài khoản của bạn đang dùng { $email }.
email-text = Chúng tôi gửi một liên kết đến địa chỉ mới, dùng được trong { $link-life }. Chừng nào chưa ai mở, chưa có gì thay đổi. Sau đó, địa chỉ cũ vẫn lấy lại được tài khoản trong { $undo-life }.
email-new-label = Địa chỉ mới
email-button = Gửi liên kết
email-cancel = Thôi

confirm-email-title = Xác nhận địa chỉ mới
confirm-email-text = Tài khoản của { $from } sẽ chuyển sang { $to }.
confirm-email-button = Xác nhận địa chỉ
confirm-email-not-me = Không phải tài khoản của bạn? Cứ đóng trang này, không có gì thay đổi.
confirm-email-done-title = Tài khoản đã có địa chỉ mới
confirm-email-done-text = Từ giờ, hãy đăng nhập bằng địa chỉ ấy. Mật khẩu vẫn như cũ.
confirm-email-used-text = Mỗi liên kết chỉ dùng một lần. Nếu chính bạn đã dùng, tài khoản đã có địa chỉ mới.
confirm-email-expired-text = Để an toàn, liên kết chỉ dùng được trong { $link-life }. Tài khoản vẫn giữ địa chỉ cũ. Hãy xin liên kết mới rồi dùng liên kết đó.
confirm-email-invalid-text = Có thể nó bị thiếu một đoạn khi chép, hoặc đã có thư mới hơn. Hãy mở thư mới nhất và dùng liên kết trong đó.
confirm-email-again = Xin liên kết mới

undo-email-title = Lấy lại tài khoản
undo-email-text = Tài khoản trở về { $to }. Mọi thiết bị sẽ bị đăng xuất, mật khẩu không còn dùng được, và chúng tôi gửi bạn liên kết để đặt mật khẩu mới.
undo-email-button = Lấy lại
undo-email-was-me = Chính bạn đã đổi địa chỉ? Vậy cứ đóng trang này, mọi thứ vẫn như cũ.
undo-email-done-title = Tài khoản đã về với bạn
undo-email-done-text = Tài khoản lại có địa chỉ cũ, và mọi thiết bị đã đăng xuất. Chúng tôi vừa gửi một liên kết đến đó: hãy mở ra và đặt mật khẩu mới.
undo-email-used-text = Nếu chính bạn đã dùng, tài khoản đã trở về địa chỉ cũ: hãy xem thư mới nhất và đặt mật khẩu mới.
undo-email-expired-text = Địa chỉ chỉ lấy lại được trong { $link-life }. Nếu người khác đang giữ tài khoản của bạn, hãy hỏi người quản lý máy chủ này.
undo-email-invalid-text = Có thể nó bị thiếu một đoạn khi chép. Hãy mở lại thư và dùng trọn liên kết.

change-email-used-title = Liên kết này đã được dùng
change-email-expired-title = Liên kết này đã quá hạn
change-email-invalid-title = Liên kết này không dùng được
change-email-open = Mở tài khoản
change-email-sign-in = Đến trang đăng nhập
