console-nav-label = Bảng điều khiển
console-home-label = { $product }, về trang đầu của bảng điều khiển
console-to-account = Tài khoản của bạn
console-link = Bảng điều khiển
console-footer = Mọi thay đổi ở đây đều được ghi vào nhật ký kiểm tra.
console-group-people = Ngôi nhà
console-nav-roles = Vai trò
console-nav-groups = Nhóm
