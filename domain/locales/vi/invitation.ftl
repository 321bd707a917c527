# /invitation: liên kết của một lời mời

invitation-title = Lời mời của bạn
invitation-heading = Bạn được mời
invitation-by = { $name } mời bạn đến với { $product }.
invitation-by-nobody = Bạn được mời đến với { $product }.
invitation-roles = { $count ->
   *[other] Kèm theo vai trò: { $roles }.
}
invitation-second-step = Ai có vai trò thì đăng nhập bằng hai bước.
invitation-address = Tài khoản của bạn sẽ mang địa chỉ đã nhận lời mời này:
invitation-button = Nhận lời và tạo tài khoản
invitation-replaces = Trình duyệt này đang đăng nhập bằng { $email }. Khi bạn nhận lời, tài khoản mới sẽ thay vào đó.
invitation-yours = Lời mời gửi đến { $email }, đúng là địa chỉ của tài khoản này. Những thứ khác trong tài khoản vẫn như cũ.
invitation-accept = Nhận lời
invitation-later = Để sau: về tài khoản của bạn
invitation-has-account = Lời mời gửi đến { $email }, địa chỉ này đã có tài khoản ở đây. Hãy đăng nhập vào tài khoản đó để nhận lời.
invitation-other = Trình duyệt này đang đăng nhập bằng { $email }. Tài khoản đó không nhận lời mời này được.
invitation-sign-in-accept = Đăng nhập để nhận lời
invitation-not-me = Bạn không biết đây là chuyện gì? Cứ đóng trang này. Sẽ không có gì xảy ra.
invitation-saying = Đã có chỗ dành cho bạn.
invitation-saying-note = Có người để cửa chờ bạn.

## Sau khi nhận lời, và những liên kết không còn dùng được

invitation-open-account = Mở tài khoản
invitation-sign-in = Đăng nhập
invitation-done-title = Bạn đã nhận lời
invitation-done-text = Từ giờ, những gì bạn được mời đã là của bạn. Nếu được giao việc, bạn sẽ thấy bảng điều khiển trong trình đơn tài khoản.
invitation-used-title = Lời mời này đã được nhận
invitation-used-text = Mỗi lời mời chỉ dùng một lần. Nếu chính bạn đã nhận, hãy đăng nhập. Nếu không phải bạn, hãy báo cho người quản lý máy chủ này.
invitation-expired-title = Lời mời này đã quá hạn
invitation-expired-text = Để an toàn, lời mời chỉ dùng được trong { $link-life }. Hãy nhờ người đã mời gửi lại cho bạn.
invitation-revoked-title = Lời mời này không còn hiệu lực
invitation-revoked-text = Lời mời đã được rút lại, hoặc người gửi không còn quyền mời ai vào đây. Nếu bạn nghĩ có nhầm lẫn, hãy xin người quản lý máy chủ một lời mời mới.
invitation-invalid-title = Liên kết này không dùng được
invitation-invalid-text = Có thể nó bị thiếu một đoạn, hoặc đã có thư mới hơn thay thế. Hãy mở liên kết trong thư mới nhất.
