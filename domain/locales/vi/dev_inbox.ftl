# /dev/inbox: email và tin nhắn được giữ lại trong chế độ phát triển

dev-inbox-title = Hộp thư
dev-inbox-heading = Thư được giữ lại
dev-inbox-text = Trong chế độ phát triển, email và tin nhắn ở lại trên máy này. Tất cả ở đây, mới nhất trước.
dev-inbox-empty-title = Chưa có gì được giữ lại
dev-inbox-empty-text = Đăng ký bằng một địa chỉ bất kỳ: thư gửi đến địa chỉ đó sẽ hiện ở đây.
dev-inbox-sign-up = Thử đăng ký
dev-inbox-to = Gửi { $to }
dev-inbox-email = Email
dev-inbox-sms = Tin nhắn
dev-inbox-code = Mã
dev-inbox-links = Liên kết
dev-inbox-html = Xem như người nhận
dev-inbox-json = Dạng JSON
dev-inbox-all = Tất cả thư
