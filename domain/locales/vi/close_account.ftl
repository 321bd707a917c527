# /account/close

close-title = Tạm đóng tài khoản
close-text = Chỉ là tạm nghỉ, không có gì bị xóa.
close-devices = Mọi thiết bị sẽ bị đăng xuất. Chúng tôi báo cho bạn qua thư.
close-back = Muốn mở lại, chỉ cần đăng nhập. Mọi thứ vẫn như cũ.
close-button = Tạm đóng
close-cancel = Cứ để mở
