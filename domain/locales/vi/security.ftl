# /account/security

security-title = Bảo mật
security-text = Cách bạn chứng minh rằng đó là bạn.
security-password-heading = Mật khẩu
security-password-text = Sau khi đổi, mọi thiết bị khác đều bị đăng xuất. Chúng tôi báo cho bạn qua thư.
security-no-password = Bạn không có mật khẩu: bạn đăng nhập bằng khóa truy cập. Nếu muốn có thêm mật khẩu, chúng tôi gửi cho bạn một liên kết để đặt.
security-set-password = Đặt mật khẩu
security-current-label = Mật khẩu hiện tại
security-new-label = Mật khẩu mới
security-password-button = Đổi mật khẩu
security-password-done = Mật khẩu của bạn đã được đổi, và mọi thiết bị khác đều đã đăng xuất.
