# /not-me: liên kết "không phải tôi" trong thư về tài khoản

not-me-title = Không phải bạn?
not-me-text = Chúng tôi đã gửi cho bạn một thư, viết lúc { $time }. Nếu việc kể trong thư là do người khác làm, hãy đóng cửa với họ ngay:
not-me-step-devices = Mọi thiết bị bị đăng xuất khỏi tài khoản, cả thiết bị của bạn.
not-me-step-known = Không trình duyệt nào còn được coi là quen, và các liên kết đặt mật khẩu cũ không dùng được nữa.
not-me-step-freeze = Trong { $freeze }, không ai thay đổi được gì về bảo mật của tài khoản.
not-me-step-recovery = Nếu vẫn không vào được, bạn có lối về sau { $wait }. Chúng tôi cũng báo cho người quản lý máy chủ.
not-me-step-mail = Bạn nhận thư kèm liên kết mới để đặt mật khẩu. Hãy dùng ngay: đến lúc đó mật khẩu cũ vẫn còn dùng được.
not-me-button = Đăng xuất mọi thiết bị
not-me-was-me = Thật ra là bạn? Vậy không cần làm gì, cứ đóng trang này.
not-me-saying = Rút dây vào trong.
not-me-saying-note = Không ai vào được cho đến khi bạn mở cửa.
not-me-done-title = Mọi thiết bị đã đăng xuất
not-me-done-text = Chúng tôi đã gửi cho bạn liên kết để đặt mật khẩu mới. Hãy mở ngay: đến lúc đó mật khẩu cũ vẫn còn dùng được.
not-me-done-freeze = Trong { $freeze }, không thể thay đổi gì về bảo mật của tài khoản. Một thư thứ hai nói về lối về, nếu bạn không vào được.
not-me-done-mailbox = Nếu có thể người khác đọc được thư của bạn, hãy đổi mật khẩu hộp thư trước.
not-me-used-title = Việc đó đã xong
not-me-used-text = Mọi thiết bị đã đăng xuất, và liên kết đặt mật khẩu mới nằm trong hộp thư của bạn. Nếu không thấy, hoặc liên kết đã quá hạn, hãy xin liên kết khác.
not-me-expired-title = Liên kết này đã quá hạn
not-me-expired-text = Liên kết dùng được trong { $link-life }. Nếu có gì không ổn, hãy đặt mật khẩu mới ngay: việc đó cũng đăng xuất mọi thiết bị.
not-me-invalid-title = Liên kết này không dùng được
not-me-invalid-text = Có thể nó bị thiếu một đoạn trên đường đi. Hãy chép cả địa chỉ trong thư, hoặc đặt mật khẩu mới.
not-me-new-password = Đặt mật khẩu mới
