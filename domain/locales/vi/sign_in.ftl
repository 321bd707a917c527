# /sign-in và /sign-out

sign-in-title = Đăng nhập
sign-in-heading = Mừng bạn trở lại
sign-in-new-here = Bạn mới đến?
sign-in-create-account = Tạo tài khoản
sign-in-forgot = Quên mật khẩu?
sign-in-forgot-label = Quên mật khẩu? Đặt mật khẩu mới
sign-in-remember = Duy trì đăng nhập trên thiết bị này
sign-in-button = Đăng nhập
sign-in-passkey = Đăng nhập bằng khóa truy cập
sign-in-recover = Không vào được?

## Vì sao bạn ở đây, một dòng phía trên biểu mẫu

sign-in-notice-signed-out = Bạn đã đăng xuất trên thiết bị này.
sign-in-notice-closed = Tài khoản của bạn đã tạm đóng. Không có gì bị xóa: khi nào muốn mở lại, hãy đăng nhập.
sign-in-notice-ready = Tài khoản của bạn đã sẵn sàng. Hãy đăng nhập bằng khóa truy cập vừa tạo.
sign-in-notice-expired = Bạn không còn đăng nhập ở đây nữa: bạn đi vắng một lúc, hoặc phiên đã được kết thúc ở nơi khác. Đăng nhập để làm tiếp.
sign-in-notice-leaving = Bạn đã được đăng xuất ở mọi nơi, và tài khoản sẽ bị xóa sau 14 ngày. Muốn giữ lại, hãy đăng nhập trước lúc đó, hoặc mở liên kết trong thư chúng tôi vừa gửi.
sign-in-notice-over = Lần đăng nhập đó mất quá lâu, hoặc đã bị hủy. Không mất gì: hãy bắt đầu lại.
sign-in-notice-recovered = Bạn đã lấy lại được tài khoản, và mật khẩu mới đã được đặt. Hãy đăng nhập bằng mật khẩu đó, rồi thêm lại bước thứ hai.
sign-in-notice-recovered-passkey = Bạn đã lấy lại được tài khoản. Hãy đăng nhập bằng khóa truy cập vừa tạo; mật khẩu cũ không còn dùng được.
sign-in-notice-reset = Mật khẩu mới đã được đặt, và mọi thiết bị đều đã đăng xuất. Hãy đăng nhập bằng mật khẩu mới.
sign-in-notice-next = Đăng nhập trước đã; rồi chúng tôi đưa bạn đến trang bạn cần.

## Đã có người đăng nhập

sign-in-already-title = Bạn đang đăng nhập rồi
sign-in-already-text = Bạn đang đăng nhập với tên { $name }, email { $email }.
sign-in-already-continue = Tiếp tục với tên { $name }
sign-in-already-sign-out = Đăng xuất và dùng tài khoản khác

## /sign-out, khi được mở như một trang

sign-out-title = Đăng xuất?
sign-out-text = Bạn đang đăng nhập với tên { $name }. Muốn trở lại trên thiết bị này, bạn sẽ phải đăng nhập lại.
sign-out-button = Đăng xuất
sign-out-stay = Cứ giữ đăng nhập
sign-out-nobody-title = Bạn đã đăng xuất
sign-out-nobody-text = Không có ai đang đăng nhập trên thiết bị này.
