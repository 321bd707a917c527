# /sign-up và /sign-up/verify

sign-up-title = Tạo tài khoản
sign-up-heading = Tạo tài khoản
sign-up-have-account = Bạn có tài khoản rồi?
sign-up-sign-in = Đăng nhập
sign-up-button = Tạo tài khoản
sign-up-passkey = Dùng khóa truy cập, không cần mật khẩu
sign-up-passkey-only = Tài khoản ở đây mở bằng khóa truy cập. Hãy dùng khóa ngay, hoặc đặt mật khẩu rồi tạo khóa sau khi xác nhận địa chỉ.
sign-up-domains = Ở đây chỉ địa chỉ thuộc { $domains } mới tạo được tài khoản.
sign-up-closed-title = Hiện không mở đăng ký
sign-up-closed-text = Ở đây, tài khoản mới do người quản lý máy chủ tạo. Hãy nhờ họ, hoặc đăng nhập nếu bạn đã có tài khoản.
sign-up-invitation-title = Chỉ dành cho người được mời
sign-up-invitation-text = Ở đây, tài khoản mới dành cho người được mời qua email. Nếu bạn được mời, hãy mở liên kết trong thư mời. Nếu đã có tài khoản, hãy đăng nhập.

## Kiểm tra hộp thư: giống nhau, dù địa chỉ đã có tài khoản hay chưa

check-mail-title = Xem hộp thư của bạn
check-mail-sent = Chúng tôi đã gửi một thư đến { $email }. Mở liên kết trong thư, hoặc nhập mã của thư vào đây.
check-mail-sent-somewhere = Chúng tôi đã gửi một thư đến địa chỉ bạn cho. Hãy mở liên kết trong thư. Nếu dùng đúng trình duyệt lúc đăng ký, bạn cũng có thể nhập mã trong thư.
check-mail-code-label = Mã trong thư
check-mail-code-hint = Sáu chữ số. Mã dùng được trong { $code-life }, liên kết trong { $link-life }.
check-mail-button = Xác nhận địa chỉ
check-mail-nothing = Chưa thấy thư? Chờ một phút, và xem cả thư mục thư rác.
check-mail-resend = Gửi lại
check-mail-resent = Nếu địa chỉ này đang chờ xác nhận, một thư mới đang trên đường đến. Chỉ mã mới nhất dùng được.
check-mail-wrong-address = Nhầm địa chỉ?
check-mail-start-again = Làm lại từ đầu

## Liên kết được mở trong đúng trình duyệt đã đăng ký: một nút bấm

verify-title = Xác nhận địa chỉ của bạn
verify-heading = Chỉ còn một bước
verify-text = Xác nhận { $email } là của bạn. Xong là tài khoản sẵn sàng, và bạn được đăng nhập luôn.
verify-button = Xác nhận và đăng nhập

## Liên kết được mở trong trình duyệt khác: chỉ chủ hộp thư mới được biết mật khẩu

verify-elsewhere-heading = Chọn lại mật khẩu
verify-elsewhere-text = Đây không phải trình duyệt đã đăng ký tài khoản. Để không ai ngoài bạn biết mật khẩu của { $email }, hãy chọn mật khẩu ở đây: như lúc trước, hoặc một mật khẩu mới.
verify-elsewhere-not-me = Bạn không đăng ký tài khoản nào? Cứ đóng trang này. Sẽ không có gì được tạo ra.
verify-elsewhere-button = Đặt mật khẩu và đăng nhập

## Liên kết và mã không còn dùng được

verify-used-title = Liên kết này đã được dùng
verify-used-text = Mỗi liên kết chỉ dùng một lần. Nếu chính bạn đã dùng, tài khoản của bạn đã sẵn sàng: hãy đăng nhập.
verify-used-button = Đăng nhập
verify-expired-title = Liên kết này đã quá hạn
verify-expired-text = Để an toàn, liên kết chỉ dùng được trong { $link-life }. Chưa có tài khoản nào được tạo. Hãy đăng ký lại, chúng tôi sẽ gửi liên kết mới.
verify-expired-button = Đăng ký lại
verify-invalid-title = Liên kết này không dùng được
verify-invalid-text = Có thể nó bị thiếu một đoạn, hoặc đã có thư mới hơn thay thế. Hãy mở liên kết trong thư mới nhất, hoặc nhập mã trong thư đó.
verify-invalid-button = Nhập mã

## Lời trên cánh cửa
sign-up-saying = Mời bạn vào nhà.
sign-up-saying-note = Điền ba ô, mở một lá thư, thế là vào nhà.
check-mail-saying = Còn một lá thư là vào được.
check-mail-saying-note = Thư ấy cho biết địa chỉ đúng là của bạn.
check-mail-nothing-summary = Không thấy gì?
verify-saying = Cửa mở rồi.
verify-saying-note = Thêm một bước là bạn ở trong nhà.
