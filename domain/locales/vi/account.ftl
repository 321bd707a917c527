# /account: tổng quan

account-title = Tài khoản của bạn
account-welcome = Chào { $name }
account-administrator = Bạn là quản trị viên của máy chủ này.
account-reopened = Tài khoản của bạn đã đóng lúc { $date }. Bạn vừa đăng nhập nên nó đã mở lại.
account-facts-heading = Tài khoản của bạn
account-email = Email
account-email-proven = Đã xác nhận
account-member-since = Có tài khoản từ
account-signed-in-since = Đăng nhập từ
account-this-device = Thiết bị này
account-next-heading = Nên biết
account-next-shared-device = Trên thiết bị dùng chung, nhớ đăng xuất khi xong việc.
account-next-unknown = Có gì ở đây không phải của bạn? Hãy đăng xuất, rồi đặt mật khẩu mới.
account-device-label = Thiết bị
account-address = Địa chỉ
account-signed-in-until = Giữ đăng nhập đến
