claims-title = Thuộc tính
claims-text = Những gì ứng dụng có thể được cho biết về một người, ngoài tên và địa chỉ: gói dịch vụ, mã chi phí, nơi làm việc. Bạn định nghĩa thuộc tính, rồi gán giá trị cho từng người và từng vai trò.
claims-no-right = Thuộc tính không cho ai quyền gì trên máy chủ này. Ai được làm gì ở đây chỉ do vai trò quyết định.
claims-list = Tất cả thuộc tính
claims-empty-title = Chưa có thuộc tính nào
claims-empty-text = Hãy định nghĩa một thuộc tính khi có ứng dụng cần biết về mọi người nhiều hơn tên và địa chỉ.
claims-new = Thuộc tính mới
claims-make-button = Định nghĩa thuộc tính
claims-done-made = Đã định nghĩa thuộc tính. Hãy gán giá trị trên trang của từng người và từng vai trò.
claims-done-changed = Đã lưu.
claims-done-removed = Đã gỡ thuộc tính cùng mọi giá trị của nó.
claim-kind-text = Văn bản
claim-kind-number = Số nguyên
claim-kind-boolean = Có hoặc không
claim-kind-list = Danh sách văn bản
claim-holders = Có giá trị riêng: { $people } người, { $roles } vai trò
claim-name-label = Tên
claim-name-hint = Tên mà ứng dụng sẽ đọc: chữ thường không dấu, chữ số và _, ví dụ cost_center. Sau này không đổi được.
claim-kind-label = Chứa gì
claim-kind-hint = Mục này sau này cũng không đổi được.
claim-for-label = Dùng để làm gì
claim-for-hint = Một câu cho người sẽ điền giá trị. Có thể để trống.
claim-back = Tất cả thuộc tính
claim-describe-button = Lưu
claim-remove-heading = Gỡ thuộc tính này
claim-remove-text = { $people ->
    [0] Không người nào
   *[other] { $people } người
} và { $roles ->
    [0] không vai trò nào
   *[other] { $roles } vai trò
} mất giá trị đang có. Ứng dụng không còn được cho biết nữa. Không hoàn tác được.
claim-remove-label = Gõ { $name } để gỡ
claim-remove-button = Gỡ thuộc tính
claims-of-none = Chưa có giá trị nào.
claims-link = Sửa thuộc tính
claims-of-person-title = Thuộc tính của { $name }
claims-of-person-text = Giá trị riêng của người này được ưu tiên hơn giá trị từ vai trò. Các danh sách được gộp lại.
claims-of-role-title = Thuộc tính của vai trò { $name }
claims-of-role-text = Ai có vai trò này thì có các giá trị dưới đây, trừ khi họ có giá trị riêng, hoặc một vai trò có tên đứng trước cho giá trị khác. Các danh sách được gộp lại.
claims-of-empty = Hãy định nghĩa một thuộc tính trước
claims-change = Sửa
claims-change-label = Sửa { $name }
claims-none = Không có giá trị
claims-done-set = Đã lưu.
claim-value-label = Giá trị
claim-value-hint-text = Một dòng, tối đa 200 ký tự. Để trống để bỏ giá trị.
claim-value-hint-number = Một số nguyên. Để trống để bỏ giá trị.
claim-value-hint-boolean = Chọn “Không có giá trị” để bỏ giá trị.
claim-value-hint-list = Mỗi dòng một mục, tối đa 20 mục. Để trống để bỏ giá trị.
claim-set-button = Lưu giá trị
claim-from = Từ: { $sources }.
claim-overruled = Không được tính: { $sources }.
claim-own = chính người này
claim-through = vai trò { $role }
