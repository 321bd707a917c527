# Nhiều tài khoản trong một trình duyệt: menu ở đầu trang, và những gì trang đăng nhập đưa ra

menu-label = Các tài khoản của bạn: { $email }
menu-others = Tài khoản khác trong trình duyệt này
menu-switch-label = Tiếp tục với { $name }, { $email }
menu-add = Thêm tài khoản khác
menu-sign-out-all = Đăng xuất mọi tài khoản

sign-in-add-heading = Thêm tài khoản khác
sign-in-add-text = Bạn vẫn đăng nhập với tên { $name }. Sau đó bạn chuyển qua lại giữa các tài khoản trong menu.
sign-in-add-back = Về tài khoản của bạn
sign-in-waiting-heading = Tiếp tục việc dở dang
sign-in-waiting-button = Tiếp tục với tên { $name }
sign-in-waiting-or = hoặc đăng nhập bằng tài khoản khác
sign-in-notice-signed-out-all = Bạn đã đăng xuất mọi tài khoản trên thiết bị này.
