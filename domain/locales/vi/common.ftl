# Những gì có trên mọi trang.

# Tên mà người quản lý đặt cho máy chủ; lời gọi nào cũng có thể truyền vào, thừa cũng không sao.
product = { $product }
page-title = { $page } · { $product }
skip-to-content = Đến thẳng nội dung
home-label = { $product }, trang đầu
door-line = Cửa không cài then.
door-note = Mời bạn vào, nhà vẫn nhớ bạn.
door-shut-line = Cửa đã cài then.
door-shut-note = Lúc này cửa chưa mở.

## Các ô mà nhiều biểu mẫu cùng có

name-label = Tên
name-hint = Chúng tôi sẽ gọi bạn bằng tên này.
email-label = Email
email-hint = Chúng tôi gửi một thư đến đây để biết chắc địa chỉ này là của bạn.
password-label = Mật khẩu
password-new-hint = Ít nhất { $min } ký tự. Ghép vài từ chẳng liên quan gì với nhau là tốt rồi.
password-show = Hiện
password-show-label = Hiện mật khẩu
password-hide = Ẩn
password-hide-label = Ẩn mật khẩu

## Khi biểu mẫu đang được gửi

form-errors = Có { $count } chỗ cần xem lại.
form-slow = Lần này lâu hơn bình thường. Không mất gì đâu: chờ thêm chút nữa, hoặc thử lại.
form-offline = Có vẻ thiết bị này đang mất mạng. Những gì bạn nhập vẫn còn đây: có mạng rồi thì thử lại.

## Khung trang

account-nav-label = Tài khoản của bạn
account-nav-overview = Tổng quan
account-nav-profile = Hồ sơ
account-nav-security = Bảo mật
account-nav-devices = Thiết bị
account-nav-activity = Hoạt động
account-nav-data = Dữ liệu của bạn

sign-out = Đăng xuất
account-link = Tài khoản của bạn
signed-in-as = Đang đăng nhập: { $name }
footer-note = Ngôi nhà do chính bạn trông coi.
development-notice = Chế độ phát triển: thư không đi đâu cả.
development-inbox-link = Mở hộp thư
go-home = Về trang đầu
go-again = Thử lại
languages-label = Ngôn ngữ

## Trình duyệt, theo cách nó tự xưng

device = { $browser } trên { $system }
device-unknown = Một trình duyệt chúng tôi không nhận ra

## Khoảng thời gian. Nơi gọi đã làm tròn lên.

duration-moment = một lát
duration-seconds = { $count } giây
duration-minutes = { $count } phút
duration-hours = { $count } giờ
duration-days = { $count } ngày

## Ngày tháng và con số do máy chủ viết ra: theo giờ UTC, cho ai không có JavaScript

date = { $day } { $month }, { $year }
moment = { $time } ngày { $date } (giờ UTC)
moment-in = { $time } ngày { $date }
month-1 = tháng 1
month-2 = tháng 2
month-3 = tháng 3
month-4 = tháng 4
month-5 = tháng 5
month-6 = tháng 6
month-7 = tháng 7
month-8 = tháng 8
month-9 = tháng 9
month-10 = tháng 10
month-11 = tháng 11
month-12 = tháng 12
# Giữa các hàng nghìn.
thousands-mark = .

## Thước đo dưới mật khẩu mới
strength-short = Chưa đủ dài: còn thiếu { $count } ký tự.
strength-repeats = Nó lặp lại, hoặc chạy dọc theo bàn phím. Trộn lên chút nữa nhé.
strength-identity = Gần như chỉ là tên hoặc địa chỉ của bạn.
strength-good = Tốt. Thế là được.
strength-strong = Mạnh. Chẳng ai đủ thời gian mà đoán.
copy = Sao chép
copied = Đã sao chép
toast-close = Đóng
