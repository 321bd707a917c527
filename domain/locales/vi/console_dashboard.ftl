# /admin

dashboard-title = Tổng quan
dashboard-text = Việc đăng nhập đang ra sao, và điều gì cần được để ý.
dashboard-period-label = Khoảng thời gian
dashboard-period-day = 24 giờ
dashboard-period-week = 7 ngày
dashboard-period-month = 30 ngày

## Điều cần để ý

dashboard-attention = Điều cần để ý
dashboard-all-well = Lúc này không có gì cần để ý.
dashboard-look = Xem
dashboard-look-label = Xem: { $what }
dashboard-alarms = { $count } người đã trả lời "không phải tôi" trong 7 ngày qua
dashboard-alarms-text = Mọi phiên của họ đã kết thúc và tài khoản tạm không cho thay đổi. Hãy xem đã có gì xảy ra ở đó, và có phải cùng một kẻ tấn công không.
dashboard-messages = { $count } tin đã bị bỏ, không gửi được
dashboard-messages-text = Mỗi tin đều ghi lý do. Hãy sửa điều mà máy chủ thư hoặc nhà cung cấp phàn nàn, rồi gửi lại.
dashboard-jobs = { $count } việc đã bị bỏ, không làm được
dashboard-jobs-text = Mỗi việc đều ghi lý do. Khi đã sửa xong, hãy cho làm lại.
dashboard-stopped = { $count } tài khoản không còn nhận mật khẩu
dashboard-stopped-text = Đã sai một trăm lần liên tiếp. Chủ tài khoản vào lại được bằng "quên mật khẩu".
dashboard-throttled = { $count } tài khoản đang phải chờ vì sai mật khẩu hoặc mã
dashboard-throttled-text = Họ tự vào lại được, chậm nhất là 15 phút sau. Nếu có nhiều cùng lúc, có thể có kẻ đang dò.
dashboard-recoveries = { $count } người đang lấy lại tài khoản mà không có cách nào khác
dashboard-recoveries-text = Không cần làm gì: họ đang chờ, chủ tài khoản đã được báo qua thư và có thể dừng lại.

## Số liệu

dashboard-sums-label = Số liệu: { $period }
dashboard-incomplete = Đã có nhiều việc xảy ra hơn số đã đếm. Vài phút nữa số liệu sẽ đầy đủ.
dashboard-sign-ins = Lượt đăng nhập
dashboard-succeeded = { $share } số lần thử
dashboard-none = chưa có lần thử nào
dashboard-sign-ups = Người mới
dashboard-sign-ups-note = đã xác nhận địa chỉ
dashboard-failures = Bị từ chối
dashboard-failures-note = { $count } lần không được xét
dashboard-factor = Hai bước
dashboard-factor-note = trong mọi lượt đăng nhập
dashboard-sessions = Phiên được dùng
dashboard-sessions-note = trong { $count } phiên đang mở
dashboard-sessions-never = chưa đếm
dashboard-sessions-at = Số phiên được đếm lúc:
dashboard-nothing = –

## Biểu đồ

dashboard-charts = Theo từng giờ, từng ngày
dashboard-zone = Giờ theo { $zone }.
dashboard-chart-sign-ins = Lượt đăng nhập
dashboard-chart-failures = Lần thử bị từ chối
dashboard-chart-sign-ups = Người mới
dashboard-chart-factor = Đăng nhập bằng hai bước
dashboard-chart-factor-note = Tỷ lệ trong mọi lượt đăng nhập; chỗ trống là lúc không có lượt nào.
dashboard-chart-sessions = Phiên đang mở
dashboard-wrong = Sai
dashboard-throttled-head = Không được xét
chart-table = Các con số
chart-point = { $when }: { $what }
chart-most = Nhiều nhất: { $what }, { $when }.
chart-none = Không có gì trong thời gian này.
chart-percent = { $number }%
chart-hour = Từ giờ
chart-day = Ngày
chart-hour-of = { $day }, { $hour }
chart-day-of = { $day } { $month }
