roles-title = Vai trò
roles-text = Những việc mọi người được làm ở đây, ngoài việc chăm lo tài khoản của chính mình.
roles-list = Tất cả vai trò
roles-new = Vai trò mới
roles-built-in = Có sẵn trong { $product }
roles-count = { $count } quyền
roles-holders = { $people } người, { $groups } nhóm
roles-matrix-heading = Ai được làm gì
roles-matrix-permission = Quyền
roles-yes = Có
roles-no = Không
roles-done-made = Đã tạo vai trò. Hãy trao vai trò này cho từng người trên trang của họ.
roles-done-changed = Đã đổi vai trò, cho mọi người đang giữ.
roles-done-removed = Đã xóa vai trò. Ai từng giữ vai trò này nay không còn nữa.
role-administrator-name = Quản trị viên
role-administrator-text = Được làm mọi việc.
role-support-name = Hỗ trợ
role-support-text = Giúp đỡ mọi người: xem, mở khóa, kết thúc phiên, gửi lại tin nhắn.
role-auditor-name = Kiểm tra viên
role-auditor-text = Xem được mọi thứ và không đổi gì.
role-back = Tất cả vai trò
role-new-title = Vai trò mới
role-new-text = Đặt tên theo việc mà những người giữ vai trò sẽ làm. Bạn có thể đổi sau.
role-form-label = Vai trò
role-name-label = Tên
role-name-hint = Ngắn gọn, như khi đứng cạnh tên người: "Ca đêm".
role-description-label = Dùng để làm gì
role-description-hint = Một câu. Có thể để trống.
role-lacks = Bạn chỉ trao được những quyền mà bạn đang có. Phần còn lại bị mờ và giữ nguyên.
role-review-button = Xem điều sẽ thay đổi
role-cancel = Quay lại, không đổi gì
role-review-heading = Những điều sẽ thay đổi
role-review-same = Các quyền giữ nguyên.
role-review-gain = { $people ->
    [0] Ai nhận vai trò này từ đó được:
   *[other] { $people } người từ nay được:
}
role-review-lose = { $people ->
    [0] Hiện chưa ai giữ vai trò này. Vai trò sẽ không còn cho phép:
   *[other] Qua vai trò này, { $people } người không còn được:
}
role-review-back = Sửa lại
role-save-button = Lưu vai trò
role-held-heading = Vai trò này cho phép
role-held-text = Không đổi được ở đây. Muốn cho phép điều khác, hãy tạo một vai trò riêng.
role-done-factor = Đã lưu. Có hiệu lực từ lần đăng nhập tới của những người giữ vai trò.
role-asks-heading = Vai trò này đòi hỏi gì
role-asks-text = Ngoài những gì cài đặt đòi hỏi ở mọi người. Nếu có nhiều vai trò, vai trò nghiêm nhất được tính.
role-asks-label = Để vào
role-asks-required = Yếu tố thứ hai
role-asks-passkey-only = Khóa truy cập, ngoài ra không gì khác
role-asks-button = Lưu
role-remove-heading = Xóa vai trò này
role-remove-text = { $people ->
    [0] Không ai giữ vai trò này.
   *[other] { $people } người mất ngay những quyền của vai trò.
} { $groups ->
    [0] Không nhóm nào có vai trò này.
   *[other] Vai trò bị lấy khỏi { $groups } nhóm.
} { $claims ->
    [0] Vai trò này không cho giá trị thuộc tính nào.
   *[other] Giá trị của { $claims } thuộc tính mà vai trò này cho cũng mất theo.
} Không thể hoàn tác.
role-remove-label = Gõ "{ $name }" để tiếp tục
role-remove-button = Xóa vai trò
permission-group-console = Bảng điều khiển
permission-group-users = Mọi người
permission-group-factors = Yếu tố thứ hai
permission-group-sessions = Phiên
permission-group-roles = Vai trò và nhóm
permission-group-claims = Thuộc tính
permission-group-audit = Nhật ký kiểm tra
permission-group-settings = Cài đặt
permission-group-messages = Tin nhắn
permission-group-jobs = Công việc nền
permission-group-webhooks = Webhook
permission-group-health = Tình trạng
permission-console-read = Xem trang tổng quan
permission-users-read = Xem mọi người, thiết bị của họ và những gì đã xảy ra
permission-users-write = Thêm, sửa, khóa và mở khóa tài khoản
permission-users-delete = Xóa hẳn tài khoản
permission-users-invite = Mời người mới
permission-users-import = Nhập danh sách người từ tệp; chỉ kèm được mật khẩu khi có mọi quyền khác
permission-users-export = Tải danh sách người về
permission-users-impersonate = Xem các trang của một người như chính họ thấy
permission-factors-remove = Gỡ yếu tố thứ hai của một người
permission-sessions-end = Kết thúc phiên của mọi người
permission-roles-read = Xem vai trò, nhóm và thuộc tính
permission-roles-write = Tạo, sửa và xóa vai trò, nhóm
permission-roles-assign = Trao và thu lại vai trò của người và nhóm
permission-claims-write = Định nghĩa và xóa thuộc tính, đặt giá trị cho những người và vai trò được phép sửa
permission-audit-read = Xem những gì đã xảy ra
permission-audit-export = Tải bản sao những gì đã xảy ra
permission-settings-read = Xem các cài đặt
permission-settings-write = Đổi các cài đặt
permission-messages-read = Xem những gì đã gửi và vì sao thất bại
permission-messages-write = Gửi lại tin nhắn
permission-jobs-read = Xem việc đang chờ và việc thất bại
permission-jobs-write = Thử lại hoặc bỏ công việc nền
permission-webhooks-read = Xem ai được báo tin khi có sự kiện
permission-webhooks-write = Đổi ai được báo tin khi có sự kiện
permission-health-read = Xem tình trạng máy chủ
