# Thư. `…-why` là dòng đầu: vì sao có thư này. `…-not-you` là dòng cuối: nên làm gì nếu không phải bạn.

mail-greeting = Chào { $name }.
mail-greeting-nameless = Chào bạn.
mail-link-fallback = Nếu nút không bấm được, hãy mở địa chỉ này:
mail-footer = { $product } tại { $host } gửi thư này. Không ai đọc thư trả lời.
mail-footer-support = { $product } tại { $host } gửi thư này. Không ai đọc thư trả lời; cần giúp gì, hãy viết cho { $support }.

mail-sign-up-verify-subject = Xác nhận địa chỉ của bạn
mail-sign-up-verify-heading = Xác nhận địa chỉ của bạn
mail-sign-up-verify-why = Có người, chắc là bạn, vừa đăng ký tài khoản tại { $host } bằng địa chỉ này.
mail-sign-up-verify-text = Chỉ một lần bấm là xác nhận xong, và tài khoản sẵn sàng.
mail-sign-up-verify-button = Xác nhận địa chỉ
mail-sign-up-verify-code = Hoặc nhập mã này vào trang mà bạn đã đăng ký:
mail-sign-up-verify-life = Liên kết dùng được trong { $link-life }, mã trong { $code-life }.
mail-sign-up-verify-not-you = Nếu không phải bạn thì không cần làm gì. Không có liên kết hay mã này, chẳng tài khoản nào được tạo.

mail-sign-up-known-subject = Bạn đã có tài khoản rồi
mail-sign-up-known-heading = Bạn đã có tài khoản rồi
mail-sign-up-known-why = Có người, có thể là bạn, vừa đăng ký tài khoản mới tại { $host } bằng địa chỉ này. Địa chỉ này đã có tài khoản.
mail-sign-up-known-text = Không có gì thay đổi. Cứ đăng nhập bằng mật khẩu bạn đang có.
mail-sign-up-known-button = Đăng nhập
mail-sign-up-known-reset = Quên mật khẩu?
mail-sign-up-known-reset-link = Đặt mật khẩu mới
mail-sign-up-known-not-you = Nếu không phải bạn thì không cần làm gì. Tài khoản và mật khẩu của bạn vẫn như cũ.

mail-welcome-subject = Tài khoản của bạn đã sẵn sàng
mail-welcome-heading = Mời bạn vào nhà
mail-welcome-why = Bạn đã xác nhận địa chỉ này, và tài khoản của bạn tại { $host } đã sẵn sàng.
mail-welcome-text = Từ giờ, hãy đăng nhập bằng địa chỉ này và mật khẩu của bạn.
mail-welcome-button = Mở tài khoản
mail-welcome-not-you = Nếu không phải bạn thì có người khác đang đọc được thư của bạn. Trước hết hãy đổi mật khẩu hộp thư; sau đó báo cho người quản lý { $host }.

mail-password-reset-subject = Đặt mật khẩu mới
mail-password-reset-heading = Đặt mật khẩu mới
mail-password-reset-why = Có người, chắc là bạn, vừa xin đặt mật khẩu mới cho tài khoản của bạn tại { $host }.
mail-password-reset-text = Mở liên kết và chọn mật khẩu. Cho đến lúc đó, mật khẩu cũ vẫn y nguyên.
mail-password-reset-button = Đặt mật khẩu mới
mail-password-reset-life = Liên kết dùng được một lần, trong { $link-life }. Nếu bạn xin nhiều lần, chỉ thư mới nhất có liên kết dùng được.
mail-password-reset-not-you = Nếu không phải bạn thì không cần làm gì. Không có liên kết này, chẳng ai đổi được mật khẩu của bạn.

mail-password-changed-subject = Mật khẩu của bạn vừa được đổi
mail-password-changed-heading = Mật khẩu của bạn vừa được đổi
mail-password-changed-why = Mật khẩu tài khoản của bạn tại { $host } vừa được đổi.
mail-password-changed-text = Mọi thiết bị đều đã đăng xuất. Hãy đăng nhập lại bằng mật khẩu mới.
mail-password-changed-button = Đăng nhập
mail-password-changed-reset = Mật khẩu mới không phải do bạn đặt?
mail-password-changed-reset-link = Đặt mật khẩu khác
mail-password-changed-not-you = Nếu không phải bạn thì có người khác đang đọc được thư của bạn. Trước hết hãy đổi mật khẩu hộp thư; rồi đặt mật khẩu khác ở đây, và báo cho người quản lý { $host }.

## Thông báo: có thay đổi về bảo mật của tài khoản

mail-notice-origin = { $time }, từ { $device }, địa chỉ { $address }.
mail-notice-alarm = Người khác làm việc này?
mail-notice-alarm-link = Không phải tôi
mail-notice-not-you = Nếu không phải bạn, hãy mở liên kết ở trên: mọi thiết bị sẽ bị đăng xuất, và bạn được giúp đặt mật khẩu mới.

mail-notice-password-set-subject = Mật khẩu của bạn vừa được đổi
mail-notice-password-set-heading = Mật khẩu của bạn vừa được đổi
mail-notice-password-set-why = Mật khẩu tài khoản của bạn tại { $host } vừa được đổi trong phần cài đặt của tài khoản.
mail-notice-password-set-text = Mọi thiết bị khác đều đã đăng xuất.

mail-notice-new-device-subject = Một thiết bị mới vừa đăng nhập vào tài khoản của bạn
mail-notice-new-device-heading = Một thiết bị mới vừa đăng nhập
mail-notice-new-device-why = Có người, chắc là bạn, vừa đăng nhập vào tài khoản của bạn tại { $host } trên một trình duyệt chưa từng dùng ở đó.
mail-notice-new-device-text = Nếu là bạn thì không cần làm gì. Chúng tôi sẽ không báo lại về trình duyệt này nữa.

mail-set-up-done-subject = Bạn là quản trị viên của { $host }
mail-set-up-done-heading = Nhà này là của bạn
mail-set-up-done-why = Liên kết thiết lập của { $host } đã được dùng, và địa chỉ này giờ là quản trị viên đầu tiên.
mail-set-up-done-text = Tài khoản của bạn xem và thay đổi được mọi thứ ở đó. Giữ kín mật khẩu, và cất một bản sao của khóa chính ở nơi an toàn.
mail-set-up-done-button = Mở tài khoản
mail-set-up-done-not-you = Nếu không phải bạn thì có người khác đã thấy liên kết thiết lập. Hãy dừng máy chủ ngay, và đọc nhật ký trước khi cho chạy lại.
