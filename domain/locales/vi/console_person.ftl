# /admin/users/{id}, /admin/users/new, và các trang hỏi lại trước khi làm gì với tài khoản của ai đó

person-back = Tất cả mọi người
person-cancel = Để sau
person-never = Chưa bao giờ
person-state-active = Đang hoạt động
person-state-locked = Bị khóa
person-state-leaving = Đang chờ xóa
person-state-closed = Tạm đóng
person-state-unproven = Chưa đến lần nào
person-state-frozen = Tạm ngừng thay đổi
person-state-short = Cần bước thứ hai
person-state-administrator = Quản trị viên
person-own = Đây là tài khoản của chính bạn, nên ở đây không thay đổi được gì.
person-own-link = Các trang của bạn
person-more = Người này được phép làm điều mà bạn không được phép ({ $permission }), nên bạn không thay đổi được gì ở đây. Hãy nhờ người có đủ quyền.
person-locked-since = Bị khóa từ
person-locked-until = Tự mở lại lúc
person-locked-open-ended = Tài khoản vẫn khóa cho đến khi có người mở.
person-unlock = Mở khóa
person-leaving = Tài khoản và mọi thứ thuộc về nó sẽ bị xóa vĩnh viễn vào
person-erasing = Tài khoản đang bị xóa ngay lúc này. Không gì lấy lại được nữa.
person-keep = Giữ tài khoản
person-unproven = Có người đã tạo tài khoản này, và chủ của nó chưa mở liên kết. Liên kết được gửi lúc
person-send-again = Gửi lại liên kết
person-password-due = Mật khẩu không còn dùng để đăng nhập: đã đề nghị đặt mật khẩu mới lúc
person-withdraw = Cho dùng lại mật khẩu cũ
person-recovery-waits = Có người xin lấy lại tài khoản này. Liên kết sẽ được gửi lúc
person-recovery-sent = Có người xin lấy lại tài khoản này. Liên kết đã được gửi lúc
person-shorten = Rút ngắn thời gian chờ
person-frozen = Có người báo "không phải tôi", nên chưa thể thay đổi gì về bảo mật của tài khoản này trước

person-overview-heading = Tổng quan
person-fact-address = Địa chỉ thư
person-fact-since = Có mặt từ
person-fact-seen = Lần cuối thấy
person-fact-password = Mật khẩu
person-fact-language = Ngôn ngữ
person-fact-zone = Múi giờ
person-fact-id = Mã
person-address-proven = Đã xác nhận
person-address-unproven = Chưa xác nhận
person-address-wish = Muốn đổi sang { $email } nhưng chưa xác nhận.
person-password-since = Đặt lúc
person-password-none = Không có
person-zone-browser = Theo trình duyệt của họ
person-edit-link = Sửa

person-deeds-heading = Tài khoản
person-reset-name = Liên kết đặt mật khẩu mới
person-reset-text = Gửi đến địa chỉ của họ. Không có gì thay đổi cho đến khi họ dùng, và không ai khác biết mật khẩu.
person-reset-button = Gửi liên kết
person-demand-name = Đề nghị đặt mật khẩu mới
person-demand-text = Mật khẩu cũ không đăng nhập được nữa. Ai nhập nó sẽ nhận liên kết qua thư. Phiên đăng nhập và khóa truy cập giữ nguyên.
person-demand-button = Đề nghị
person-view-name = Xem như họ thấy
person-view-text = Cho bạn xem các trang của họ trong mười lăm phút. Bạn không thay đổi được gì ở đó, và họ được báo.
person-view-link = Xem như người này …
person-view-title = Xem tài khoản của { $name } như chính họ thấy
person-view-will = Bạn xem các trang của họ trong { $length }, không lâu hơn, dù bạn làm gì ở đó.
person-view-only = Không thay đổi được gì. Mã khôi phục, bản sao dữ liệu và mọi bí mật khác không hiện ra, và trang quản trị đóng lại trong lúc đó.
person-view-tell = Họ nhận ngay một thư có lý do của bạn, và thấy tên bạn cùng lý do trong phần hoạt động của họ.
person-view-audit = Việc này được ghi vào nhật ký, và mọi điều bạn thử thay đổi cũng vậy.
person-view-button = Xem như người này
person-lock-name = Khóa
person-lock-text = Đăng xuất mọi thiết bị, và không cho ai vào đến khi bạn mở khóa hoặc hết thời hạn.
person-lock-link = Khóa …
person-delete-name = Xóa
person-delete-text = Xóa tài khoản sau hai tuần, trừ khi có người giữ lại.
person-delete-link = Xóa …

person-factors-heading = Bước thứ hai
person-factors-none = Không có. Chỉ cần mật khẩu là đăng nhập được.
person-factors-short = Họ phải có bước thứ hai, và sẽ được yêu cầu thêm ở lần đăng nhập tới.
person-factor-passkey = Khóa truy cập
person-factor-remove-label = Gỡ bỏ: { $factor }
person-codes-left = Còn { $count } mã khôi phục.
person-used = Dùng lần cuối
person-unused = Chưa dùng lần nào

person-roles-heading = Vai trò
person-roles-none = Không có. Họ chỉ quản lý tài khoản của mình.
person-role-through = Qua { $group }
person-role-has = Đang có
person-roles-link = Đổi vai trò

person-sessions-heading = Đang đăng nhập trên { $count } thiết bị
person-sessions-none = Thiết bị đăng nhập tiếp theo sẽ hiện ở đây.
person-session-device = Thiết bị
person-session-where = Từ đâu
person-session-proven = Đã chứng minh
person-session-one = Một yếu tố
person-session-two = Hai yếu tố
person-end-all = Đăng xuất cả { $count } thiết bị

person-history-heading = Những gì đã xảy ra
person-history-by = Do { $name }
person-history-all = Xem tất cả

person-messages-heading = Tin đã gửi
person-messages-none = Không có gì được gửi trong 30 ngày qua.
person-messages-all = Mọi tin gửi đến địa chỉ này

person-notes-heading = Ghi chú
person-notes-none = Chưa ai ghi gì.
person-note-label = Ghi chú mới
person-note-hint = Dành cho mọi người giúp việc ở đây. Người ấy cũng nhận được nó cùng bản sao dữ liệu của mình.
person-note-button = Lưu ghi chú
person-note-gone = Người đã rời đi
person-note-remove-label = Xóa ghi chú của { $name }

person-done-made = Đã tạo tài khoản, và liên kết đang trên đường đến.
person-done-edited = Đã lưu thay đổi.
person-done-locked = Đã khóa tài khoản, và mọi thiết bị đều đã đăng xuất.
person-done-unlocked = Tài khoản đã mở lại.
person-done-reset = Liên kết đang trên đường đến.
person-done-again = Liên kết đang trên đường đến. Liên kết trước không còn dùng được.
person-done-demanded = Đã đề nghị đặt mật khẩu mới. Người ấy được báo qua thư.
person-done-withdrawn = Mật khẩu cũ lại dùng được.
person-done-ended = Đã đăng xuất.
person-done-factor = Đã gỡ bỏ, và mọi thiết bị đều đã đăng xuất.
person-done-recovery = Thời gian chờ đã ngắn lại. Người ấy được báo qua thư.
person-done-deleted = Tài khoản sẽ bị xóa. Cho đến lúc đó vẫn giữ lại được, ở đây hoặc bằng liên kết trong thư của người ấy.
person-done-kept = Tài khoản được giữ lại.
person-done-noted = Đã lưu ghi chú.
person-done-unnoted = Đã xóa ghi chú.
person-done-role = Vai trò đã đổi, có hiệu lực từ yêu cầu tiếp theo.
person-done-viewed = Bạn đã trở lại là chính mình. Việc xem không thay đổi gì.

## Trước khi làm

person-reason-label = Lý do
person-reason-hint = Một dòng. Nó được ghi vào nhật ký, và có trong bản sao dữ liệu của người ấy.
person-will-end = { $count } thiết bị bị đăng xuất, ngay lập tức.
person-will-tell = Họ được báo qua thư, không nêu tên bạn.
person-sure = Trước hết hãy chắc rằng đúng là họ: mật khẩu và hộp thư dễ bị đánh cắp hơn thứ bạn sắp gỡ bỏ.

person-lock-title = Khóa tài khoản của { $name }
person-lock-will = Không ai đăng nhập được, và các liên kết trong thư không còn dùng được.
person-lock-hours = Trong bao lâu
person-lock-hours-hint = Hết thời hạn, tài khoản tự mở lại.
person-lock-open = Cho đến khi được mở
person-lock-1 = 1 giờ
person-lock-24 = 1 ngày
person-lock-168 = 7 ngày
person-lock-720 = 30 ngày
person-lock-button = Khóa tài khoản

person-factor-title = Gỡ một bước thứ hai của { $name }
person-factor-will = Sẽ mất: { $factor }. Khi mất cái cuối cùng, các mã khôi phục cũng mất theo.
person-factor-enrol = Nếu họ phải có bước thứ hai mà không còn cái nào, họ sẽ thêm ở lần đăng nhập tới.
person-factor-button = Gỡ bỏ

person-recovery-title = Rút ngắn thời gian chờ của { $name }
person-recovery-will = Liên kết được gửi sớm hơn. Ai mở nó sẽ đặt mật khẩu mới, và mọi bước thứ hai đều mất.
person-recovery-stops = Một lần đăng nhập trọn vẹn vẫn dừng được việc này, và liên kết trong thư đầu tiên cũng vậy.
person-recovery-hours = Họ còn phải chờ
person-recovery-hours-hint = Tính từ bây giờ.
person-recovery-0 = Không chờ nữa
person-recovery-button = Rút ngắn thời gian chờ

person-delete-title = Xóa tài khoản của { $name }
person-delete-will = Sau { $grace }, tài khoản và mọi thứ thuộc về nó sẽ bị xóa vĩnh viễn.
person-delete-undo = Cho đến lúc đó, bạn giữ lại được ở đây, còn họ bằng liên kết trong thư.
person-delete-email = Địa chỉ thư của họ
person-delete-email-hint = Để chắc chắn, hãy gõ { $email }
person-delete-button = Xóa tài khoản

person-edit-title = Sửa { $name }
person-edit-text = Họ được báo qua thư và có thể sửa lại. Địa chỉ thư thì họ tự đổi.
person-zone-hint = Cho giờ giấc mà họ đọc, trên trang và trong thư.
person-language-hint = Cho trang và thư của họ.
person-edit-button = Lưu thay đổi

person-new-title = Tài khoản mới
person-new-text = Họ nhận liên kết qua thư, dùng được trong { $life }: nó cho thấy địa chỉ là của họ, và họ tự đặt mật khẩu. Vai trò thì giao sau.
person-new-button = Tạo tài khoản

person-roles-title = Vai trò của { $name }
person-roles-text = Thay đổi có hiệu lực từ yêu cầu tiếp theo, và người ấy được báo qua thư.
person-roles-more = Cho phép nhiều hơn quyền của bạn
person-role-give = Trao
person-role-give-label = Trao vai trò { $role }
person-role-take = Lấy lại
person-role-take-label = Lấy lại vai trò { $role }
