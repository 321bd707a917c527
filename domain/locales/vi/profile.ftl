# /account/profile

profile-title = Hồ sơ
profile-text = Chúng tôi gọi bạn thế nào, và hiển thị giờ giấc, chữ nghĩa ra sao.
profile-you-heading = Bạn
profile-zone-label = Múi giờ
profile-zone-browser = Theo trình duyệt của bạn
profile-zone-other = Khác
profile-zone-hint = Giờ trên các trang được tính theo múi giờ này.
profile-language-label = Ngôn ngữ
profile-language-hint = Của các trang này, và của thư chúng tôi gửi bạn.
profile-button = Lưu
profile-done = Đã lưu.
profile-email-heading = Email
profile-email-text = Bạn đăng nhập bằng địa chỉ này, và thư của chúng tôi gửi đến đây.
profile-email-change = Đổi địa chỉ
profile-email-done = Hãy xem hộp thư của địa chỉ mới: mở liên kết trong đó thì địa chỉ ấy thành của tài khoản này.
profile-email-waiting = { $email } đang chờ xác nhận. Liên kết chúng tôi gửi đến đó dùng được đến { $until }.
profile-close-heading = Tạm đóng
profile-close-text = Tạm nghỉ: mọi thiết bị bị đăng xuất, không có gì bị xóa. Muốn mở lại, chỉ cần đăng nhập.
profile-close-link = Tạm đóng tài khoản
