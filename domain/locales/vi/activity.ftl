# /account/activity, và trang sau "không phải tôi" ở đó

activity-title = Hoạt động
activity-text = Những gì đã xảy ra với sự an toàn của tài khoản, mới nhất ở trên.
activity-list = Những gì đã xảy ra
activity-here = Phiên này
activity-refused = Bị từ chối
activity-not-me = Không phải tôi
activity-not-me-label = Không phải tôi: { $event }
activity-pages = Các trang
activity-newer = Mới hơn
activity-older = Cũ hơn
activity-empty = Chưa có gì xảy ra.

alarmed-title = Không phải bạn?
alarmed-text = Vậy có thể người khác biết mật khẩu của bạn. Chỉ hai bước, tài khoản lại là của riêng bạn:
alarmed-step-devices = Trước hết, mọi thiết bị khác bị đăng xuất ngay lập tức.
alarmed-step-password = Sau đó bạn đặt mật khẩu mới. Mật khẩu cũ không dùng được ở đâu nữa.
alarmed-button = Đăng xuất mọi thiết bị khác
alarmed-cancel = Thật ra là tôi
alarmed-done = Mọi thiết bị khác đều đã đăng xuất. Bây giờ hãy đặt mật khẩu mới.

## Mỗi sự kiện một câu, theo tên trong nhật ký

event-unknown = Có việc đã xảy ra
event-installation-set-up = Đã thiết lập máy chủ này và trở thành quản trị viên
event-installation-setup-link-made = Một liên kết thiết lập đã được tạo
event-installation-key-rotated = Khóa chính của máy chủ này đã được thay
event-installation-backed-up = Máy chủ này đã được sao lưu
event-installation-restored = Máy chủ này đã được khôi phục từ bản sao lưu
event-installation-moved = Máy chủ này đã chuyển sang cơ sở dữ liệu khác
event-sign-up-requested = Có người đăng ký tài khoản
event-sign-up-completed = Đã tạo tài khoản
event-sign-in-succeeded = Đã đăng nhập
event-sign-in-failed = Một lần đăng nhập bị từ chối: sai mật khẩu
event-sign-in-throttled = Một lần đăng nhập bị từ chối: thử quá nhiều lần
event-session-confirmed = Đã nhập lại mật khẩu để thay đổi
event-session-signed-out = Đã đăng xuất
event-session-ended = Đã đăng xuất một thiết bị khác
event-session-others-ended = Đã đăng xuất mọi thiết bị khác
event-session-switched-to = Trở lại từ tài khoản khác trong cùng trình duyệt
event-account-alarm-raised = Đã trả lời một thư bằng "không phải tôi": mọi thiết bị bị đăng xuất
event-password-rehashed = Mật khẩu được lưu an toàn hơn; vẫn là mật khẩu đó
event-password-reset-requested = Có người xin liên kết để đặt mật khẩu mới
event-password-changed = Đã đổi mật khẩu
event-password-reset = Đã đặt mật khẩu mới bằng liên kết trong thư
event-password-set-by-operator = Người quản lý máy chủ đã đặt mật khẩu mới
event-user-locked = Người quản lý máy chủ đã khóa tài khoản
event-user-unlocked = Người quản lý máy chủ đã mở khóa tài khoản
event-profile-changed = Đã sửa hồ sơ
event-email-change-requested = Có người xin đổi địa chỉ email
event-email-changed = Địa chỉ email đã được đổi
event-email-change-undone = Việc đổi địa chỉ email đã được hoàn tác
event-account-closed = Đã tạm đóng tài khoản
event-account-reopened = Đã mở lại tài khoản
event-export-asked = Yêu cầu một bản sao dữ liệu
event-export-made = Bản sao dữ liệu đã sẵn sàng
event-export-fetched = Tải bản sao dữ liệu về
event-erasure-asked = Yêu cầu xóa tài khoản
event-erasure-undone = Giữ lại tài khoản
event-erasure-done = Một tài khoản đã bị xóa
