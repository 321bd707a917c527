groups-title = Nhóm
groups-text = Những người thuộc về nhau. Ai ở trong nhóm thì có các vai trò của nhóm.
groups-list = Tất cả các nhóm
groups-empty-title = Chưa có nhóm nào
groups-empty-text = Hãy tạo một nhóm cho mỗi đội dùng chung vai trò: ai vào đội thì có, ai rời đội thì mất.
groups-new = Nhóm mới
groups-name-hint = Ngắn gọn: "Quầy lễ tân".
groups-make-button = Tạo nhóm
groups-members = { $count ->
    [0] Chưa có ai
   *[other] { $count } người
}
groups-done-removed = Đã xóa nhóm. Ai từng ở trong nhóm vẫn giữ các vai trò của riêng mình.
group-back = Tất cả các nhóm
group-done-made = Đã tạo nhóm. Giờ hãy trao vai trò cho nhóm và thêm người vào.
group-done-changed = Đã lưu.
group-roles-heading = Nhóm trao những gì
group-roles-empty = Nhóm chưa trao vai trò nào.
group-role-give-label = Trao cho nhóm một vai trò
group-role-give-button = Trao
group-role-take-button = Thu lại
group-role-take-label = Thu lại vai trò { $name } của nhóm này
group-role-none-left = Nhóm đã có mọi vai trò.
group-members-heading = Ai ở trong nhóm
group-members-empty = Chưa có ai trong nhóm.
group-members-closed = Bạn không được xem mọi người, nên tên của họ không hiện ở đây.
group-member-add-label = Thêm một người bằng địa chỉ email
group-member-add-button = Thêm
group-member-expel-button = Đưa ra
group-member-expel-label = Đưa { $name } ra khỏi nhóm này
group-members-more = Thêm người khác
group-members-first = Về đầu danh sách
group-name-heading = Tên nhóm
group-save-button = Lưu
group-remove-heading = Xóa nhóm này
group-remove-text = { $count ->
    [0] Không ai ở trong nhóm.
   *[other] { $count } người mất ngay những gì nhóm trao.
} Không thể hoàn tác.
group-remove-button = Xóa nhóm
