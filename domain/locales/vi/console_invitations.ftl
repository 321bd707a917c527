# /admin/invitations và /admin/invitations/new

invitations-title = Lời mời
invitations-text = Ai đã được mời, ai mời, và kết quả ra sao. Lời mời được giữ thêm một tháng sau khi liên kết quá hạn.
invitations-new = Mời người mới
invitations-list = Các lời mời, mới nhất ở trên
invitations-pages = Các trang
invitations-older = Cũ hơn
invitations-newest = Mới nhất
invitations-who = Người được mời
invitations-by = Người mời
invitations-by-gone = Người đã rời đi
invitations-sent = Gửi lúc
invitations-state = Trạng thái
invitations-deeds = Bạn có thể làm gì
invitations-state-any = Mọi trạng thái
invitations-state-waiting = Đang chờ
invitations-state-expired = Quá hạn
invitations-state-accepted = Đã nhận lời
invitations-state-revoked = Đã rút lại
invitations-until = Đến
invitations-since = Từ
invitations-with-roles = Kèm vai trò { $roles }
invitations-to-placeholder = Địa chỉ đầy đủ
invitations-filter = Xem
invitations-all = Xem tất cả
invitations-none-title = Không có lời mời nào như vậy
invitations-none-text = Hãy thử địa chỉ hoặc trạng thái khác.
invitations-empty-title = Chưa mời ai
invitations-empty-text = Gõ các địa chỉ, mỗi địa chỉ sẽ nhận một liên kết dùng được một lần.
invitations-resend = Gửi lại
invitations-resend-label = Gửi cho { $email } liên kết mới; liên kết cũ hết dùng được
invitations-revoke = Rút lại
invitations-revoke-label = Rút lại lời mời gửi { $email }: liên kết hết dùng được
invitations-done-again = Liên kết mới đang được gửi đi. Liên kết cũ không còn dùng được.
invitations-done-revoked = Đã rút lại lời mời. Liên kết của nó không còn tác dụng.

## Kết quả của từng địa chỉ

invitations-report-heading = Kết quả
invitations-report = Đã mời { $sent } trên { $of }.
invitations-report-line = Đã gõ
invitations-report-outcome = Kết quả
invitations-outcome-invited = Đã mời
invitations-outcome-waiting = Đã có lời mời đang chờ
invitations-outcome-twice = Đã có ở dòng trên
invitations-outcome-own = Địa chỉ của chính bạn
invitations-outcome-full = Đã gửi quá nhiều thư đến đó; hãy thử lại sau một giờ
invitations-outcome-invalid = Không phải địa chỉ email

## Biểu mẫu

invite-back = Tất cả lời mời
invite-text = Mỗi địa chỉ nhận một liên kết dùng được một lần, trong { $life }. Ai mở liên kết thì chọn tên và mật khẩu, hoặc đăng nhập nếu đã có tài khoản.
invite-emails-label = Các địa chỉ email
invite-emails-hint = Mỗi dòng một địa chỉ, tối đa { $most }.
invite-roles-label = Vai trò họ sẽ có
invite-roles-hint = Bỏ trống với người chỉ cần tài khoản. Bạn chỉ trao được những gì chính bạn có; nếu bạn mất quyền đó trước khi họ nhận lời, họ vẫn có tài khoản nhưng không có vai trò.
invite-no-roles = Ai nhận lời sẽ có tài khoản mà không có vai trò: bạn không được trao vai trò.
invite-language-label = Ngôn ngữ của thư
invite-language-hint = Ai đã có tài khoản thì nhận thư bằng ngôn ngữ của mình.
invite-button = Gửi lời mời
