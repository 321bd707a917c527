# /forgot-password và /reset-password

forgot-title = Quên mật khẩu
forgot-heading = Bạn quên mật khẩu?
forgot-text = Nhập địa chỉ của tài khoản. Chúng tôi gửi một liên kết đến đó, và bạn đặt mật khẩu mới.
forgot-button = Gửi liên kết
forgot-remembered = Nhớ ra rồi?
forgot-sign-in = Đăng nhập

## Sau khi gửi: giống nhau, dù địa chỉ có tài khoản hay không

forgot-sent-title = Xem hộp thư của bạn
forgot-sent = Nếu { $email } có tài khoản ở đây, một thư kèm liên kết đang trên đường đến.
forgot-sent-somewhere = Nếu địa chỉ bạn cho có tài khoản ở đây, một thư kèm liên kết đang trên đường đến.
forgot-sent-life = Liên kết dùng được một lần, trong { $link-life }. Chừng nào bạn chưa đặt mật khẩu mới, mật khẩu cũ vẫn y nguyên.
forgot-nothing-summary = Không thấy gì?
forgot-nothing = Chờ một phút, và xem cả thư mục thư rác. Nếu có nhiều thư, chỉ thư mới nhất có liên kết dùng được.
forgot-nothing-address = Có thể tài khoản của bạn dùng địa chỉ khác, hoặc địa chỉ vừa nhập có chỗ nhầm. Nếu vẫn không được, hãy hỏi người quản lý máy chủ này.
forgot-again = Thử lại

## Liên kết

reset-title = Đặt mật khẩu mới
reset-heading = Đặt mật khẩu mới
reset-text = Mật khẩu này thay cho mật khẩu cũ của { $email }, và mọi thiết bị sẽ bị đăng xuất.
reset-password-label = Mật khẩu mới
reset-button = Đặt mật khẩu
reset-not-me = Không phải bạn yêu cầu? Cứ đóng trang này. Mật khẩu của bạn vẫn như cũ.

## Liên kết không còn dùng được

reset-used-title = Liên kết này đã được dùng
reset-used-text = Mỗi liên kết chỉ dùng một lần. Nếu chính bạn đã dùng, hãy đăng nhập bằng mật khẩu vừa đặt. Nếu không phải bạn thì là người khác: hãy xin liên kết mới ngay.
reset-expired-title = Liên kết này đã quá hạn
reset-expired-text = Để an toàn, liên kết chỉ dùng được trong { $link-life }. Mật khẩu của bạn vẫn như cũ. Hãy xin liên kết mới rồi dùng liên kết đó.
reset-invalid-title = Liên kết này không dùng được
reset-invalid-text = Có thể nó bị thiếu một đoạn, hoặc đã có thư mới hơn thay thế. Hãy mở liên kết trong thư mới nhất, hoặc xin liên kết mới.
reset-new-link = Xin liên kết mới
reset-sign-in = Đăng nhập

## Lời trên cánh cửa
forgot-saying = Chìa khóa nào rồi cũng có lúc lạc.
forgot-saying-note = Một lá thư, và bạn đánh chìa mới.
reset-saying = Chìa khóa mới.
reset-saying-note = Chìa cũ không còn mở được nữa.
