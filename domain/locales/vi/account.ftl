# /account: tổng quan

account-title = Tài khoản của bạn
account-kept = Tài khoản của bạn được giữ lại. Không có gì bị xóa.
account-welcome = Chào { $name }
account-administrator = Bạn là quản trị viên của máy chủ này.
account-reopened = Tài khoản của bạn đã đóng lúc { $date }. Bạn vừa đăng nhập nên nó đã mở lại.
account-facts-heading = Tài khoản của bạn
account-email = Email
account-email-proven = Đã xác nhận
account-member-since = Có tài khoản từ
account-signed-in-since = Đăng nhập từ
account-this-device = Thiết bị này
account-next-heading = Chăm sóc tài khoản
account-next-devices = Thiết bị
account-next-devices-text =
    { $count ->
        [1] Bạn chỉ đăng nhập trên thiết bị này.
       *[other] Bạn đang đăng nhập trên { $count } thiết bị.
    }
account-next-activity = Hoạt động
account-next-activity-text = Mọi lần đăng nhập và mọi thay đổi, để thỉnh thoảng xem lại.
account-next-password = Mật khẩu
account-next-password-text = Đặt mật khẩu khác, nếu có thể ai đó đã biết mật khẩu này.
account-refused = { $count } lần đăng nhập vào tài khoản của bạn bị từ chối trong { $days } qua.
account-refused-advice = Nếu bạn gõ nhầm mật khẩu thì không sao. Nếu không, có người đã thử: không ai vào được, và một mật khẩu mạnh giữ cho mọi việc như vậy.
account-refused-link = Xem chuyện gì đã xảy ra
account-shared-device = Trên thiết bị dùng chung, nhớ đăng xuất khi xong việc.
account-device-label = Thiết bị
account-address = Địa chỉ
account-signed-in-until = Giữ đăng nhập đến
