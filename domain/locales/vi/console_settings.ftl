# /admin/settings

settings-title = Cài đặt
settings-text = Thay đổi ở đây có hiệu lực ngay, và trên mọi máy chủ sau vài giây. Mục nào có trong tệp cấu hình hoặc môi trường thì do nơi đó quy định.
settings-read-only = Bạn xem được các cài đặt. Muốn thay đổi cần quyền mà bạn chưa có.
settings-save = Lưu
settings-done-saved = Đã lưu. Thay đổi có hiệu lực từ bây giờ.
settings-done-same = Không có gì khác trước nên không có gì thay đổi.
settings-done-undone = Đã hoàn tác. Giá trị trước đó có hiệu lực trở lại.
settings-undo = Hoàn tác
settings-undo-label = Hoàn tác thay đổi gần nhất: { $setting }
settings-somebody = Một người không còn ở đây

settings-sign-up-heading = Đăng ký
settings-sign-up-text = Ai được tạo tài khoản. Cũng áp dụng cho những lượt đăng ký đang chờ xác nhận.
settings-sign-in-heading = Đăng nhập
settings-sign-in-text = Yếu tố thứ hai và mật khẩu. Người có vai trò luôn cần yếu tố thứ hai, và mật khẩu đang dùng vẫn dùng được.
settings-sessions-heading = Phiên đăng nhập
settings-sessions-text = Mọi người được giữ đăng nhập bao lâu. Phiên nào cũ hơn mức cho phép sẽ kết thúc ngay.
settings-languages-heading = Ngôn ngữ
settings-languages-text = Ngôn ngữ của trang, thư và tin nhắn. Ai dùng ngôn ngữ khác sẽ nhận ngôn ngữ mặc định.
settings-logo-heading = Logo
settings-logo-text = Trên mọi trang và trong mọi thư, thay cho biểu tượng. Logo rộng gấp đôi chiều cao trở lên thì đứng một mình; bên cạnh logo khác có tên.
settings-logo-now = Logo mọi người đang thấy
settings-logo-none = Mọi người đang thấy biểu tượng có sẵn.
settings-logo-upload = Tải lên
settings-logo-remove = Gỡ logo
settings-attempts-heading = Số lần thử
settings-attempts-text = Một địa chỉ mạng được thử bao nhiêu lần. Hãy tăng khi nhiều người dùng chung một địa chỉ, như trường học hay công ty. Phần bảo vệ từng tài khoản không đổi theo.
settings-branding-heading = Tên và màu sắc
settings-branding-text = Những gì mọi người thấy trên mọi trang và trong mọi thư.
settings-limits-heading = Tin nhắn SMS
settings-limits-text = Mỗi tin đều tốn tiền, nên cần có giới hạn.

settings-check-title = Trước khi lưu
settings-check-text = Chưa có gì thay đổi. Đây là những gì sẽ xảy ra nếu lưu bây giờ.
settings-check-nothing = Không có gì để xem. Hãy sửa một cài đặt rồi lưu.
settings-check-nobody = Không ai bị ảnh hưởng.
settings-check-sessions = { $count ->
   *[other] { $count } phiên đăng nhập sẽ kết thúc ngay.
}
settings-check-factor = { $count ->
   *[other] { $count } người chưa có yếu tố thứ hai và sẽ phải thêm.
}
settings-check-passkey = { $count ->
   *[other] { $count } người chưa có khóa truy cập và sẽ phải tạo.
}
settings-check-outside = { $count ->
   *[other] { $count } người có địa chỉ thuộc tên miền khác. Họ vẫn giữ tài khoản.
}
settings-check-language = { $count ->
   *[other] { $count } người đọc ngôn ngữ bị bỏ và sẽ nhận ngôn ngữ mặc định.
}
settings-check-value = { $was } → { $becomes }
settings-check-button = Lưu
settings-check-back = Quay lại, không lưu
settings-check-undo-title = Trước khi hoàn tác
settings-check-undo-text = Chưa có gì thay đổi. Đây là những gì sẽ xảy ra nếu hoàn tác bây giờ.
settings-check-undo-button = Hoàn tác
settings-check-undo-back = Quay lại, không hoàn tác

settings-history-heading = Các thay đổi
settings-history-none = Ở đây chưa có thay đổi nào.
settings-history-what = Cài đặt
settings-history-was = Trước
settings-history-became = Sau
settings-history-who = Ai và khi nào
settings-history-undo = Hoàn tác
settings-history-default = mặc định ({ $value })
settings-history-older = Thay đổi cũ hơn

## One setting

setting-default = Mặc định: { $value }
setting-nothing = không có
setting-pinned = Quy định trong tệp
setting-aside = Lựa chọn ở đây không có hiệu lực
setting-changed = Do một người không còn ở đây thay đổi
setting-changed-by = { $name } thay đổi

setting-sign-up-label = Ai được tạo tài khoản
setting-sign-up-text = Nếu chọn “Không ai”, chỉ quản trị viên mới thêm được người. Ai đã được mời thì vẫn nhận lời được.
setting-sign-up-open = Mọi người
setting-sign-up-domains = Người có địa chỉ thuộc một số tên miền
setting-sign-up-invitation = Ai được mời qua email
setting-sign-up-closed = Không ai
setting-sign-up-domains-label = Tên miền
setting-sign-up-domains-text = Dùng khi chọn “một số tên miền”, cách nhau bằng dấu phẩy. example.org không phải là mail.example.org.

setting-second-factor-label = Yếu tố thứ hai
setting-second-factor-text = Ai đã có thì luôn được hỏi.
setting-second-factor-off = Không ai thêm được
setting-second-factor-optional = Ai muốn thì thêm
setting-second-factor-required = Ai cũng phải có
setting-second-factor-passkey-only = Chỉ vào được bằng khóa truy cập
setting-second-factor-grace-days-label = Số ngày chưa cần có
setting-second-factor-grace-days-text = Người phải có yếu tố thứ hai còn vào được bao lâu khi chưa có, tính từ lần đầu được hỏi.
setting-min-length-label = Mật khẩu ngắn nhất, theo ký tự
setting-min-length-text = Áp dụng cho mật khẩu mới. NIST yêu cầu 15.
setting-max-length-label = Mật khẩu dài nhất, theo ký tự
setting-max-length-text = Áp dụng cho mật khẩu mới. Ít nhất 64, để đủ chỗ cho một câu.
setting-recovery-wait-hours-label = Thời gian chờ khi mất tất cả, theo giờ
setting-recovery-wait-hours-text = Người mất mật khẩu và mọi yếu tố thứ hai phải chờ bao lâu; trong lúc đó mọi địa chỉ của họ đều được báo.

setting-session-remember-days-label = Tối đa khi chọn “duy trì đăng nhập”, theo ngày
setting-session-remember-days-text = Từ lúc đăng nhập đến khi kết thúc, trong mọi trường hợp.
setting-session-remember-idle-days-label = Khi không hoạt động, theo ngày
setting-session-remember-idle-days-text = Kết thúc phiên không ai dùng.
setting-session-plain-hours-label = Tối đa khi không chọn, theo giờ
setting-session-plain-hours-text = Từ lúc đăng nhập đến khi kết thúc, trong mọi trường hợp.
setting-session-plain-idle-minutes-label = Khi không hoạt động, theo phút
setting-session-plain-idle-minutes-text = Kết thúc phiên không ai dùng.
setting-session-administrator-hours-label = Tối đa cho người có vai trò, theo giờ
setting-session-administrator-hours-text = Dù khi đăng nhập họ chọn gì.
setting-session-administrator-idle-minutes-label = Khi họ không hoạt động, theo phút
setting-session-administrator-idle-minutes-text = Bạn cũng thuộc nhóm này: thời gian ngắn sẽ sớm đăng xuất bạn.

setting-languages-label = Ngôn ngữ mọi người có thể chọn
setting-languages-text = Ai mất ngôn ngữ của mình sẽ nhận ngôn ngữ mặc định, và có lại khi ngôn ngữ đó trở lại.
setting-default-language-label = Ngôn ngữ mặc định
setting-default-language-text = Cho người không đọc ngôn ngữ nào ở trên. Phải là một trong số đó.

setting-logo-label = Logo
setting-logo-file-label = Một ảnh
setting-logo-text = PNG hoặc JPEG, không quá 256 KB, mỗi cạnh từ 32 đến 2048 điểm ảnh. Ảnh nằm trên nền sáng, cả ban đêm. Những gì đi kèm trong tệp, như nơi chụp ảnh, không được giữ lại.
setting-logo-size = ảnh { $width } × { $height }

setting-limits-sign-in-label = Đăng nhập, mỗi phút
setting-limits-sign-in-text = Mỗi lần nhập mật khẩu ở bất cứ đâu đều được tính. Từ 5 đến 100.
setting-limits-sign-up-label = Đăng ký, mỗi năm phút
setting-limits-sign-up-text = Mỗi lần gửi một thư đến địa chỉ mà ai đó đã nhập. Từ 3 đến 30.
setting-limits-reset-label = Quên mật khẩu, mỗi phút
setting-limits-reset-text = Yêu cầu liên kết, và đặt mật khẩu mới bằng liên kết đó. Từ 3 đến 50.
setting-limits-recover-label = Lấy lại tài khoản khi mất tất cả, mỗi phút
setting-limits-recover-text = Gửi yêu cầu, và đặt mật khẩu mới khi chờ xong. Từ 3 đến 50.
setting-limits-code-label = Nhập mã, mỗi phút
setting-limits-code-text = Tính chung mọi lượt đăng ký và đăng nhập từ địa chỉ đó. Từ 10 đến 300.
setting-limits-passkey-label = Hỏi khóa truy cập, mỗi phút
setting-limits-passkey-text = Mỗi lần mở trang đăng nhập là một lần hỏi. Từ 20 đến 600.
setting-limits-unsafe-label = Mọi thay đổi, mỗi phút
setting-limits-unsafe-text = Tất cả trừ việc xem trang. Từ 60 đến 1200.

setting-product-name-label = Tên
setting-product-name-text = Từ 1 đến 60 ký tự.
setting-accent-color-label = Màu nhấn
setting-accent-color-text = Màu của nút và liên kết, như #1d5fa8. Chữ trắng phải đọc được trên đó. Sắc độ cho chế độ tối được tính theo. Để trống: màu sẵn có.
setting-accent-sample = Một nút và một liên kết ở chế độ sáng và tối
setting-support-email-label = Địa chỉ trợ giúp
setting-support-email-text = Hiện cho người cần được giúp. Để trống: không hiện.

setting-sms-per-person-per-day-label = Cho một người trong 24 giờ
setting-sms-per-person-per-day-text = Cũng tính cho một số điện thoại, bất kể ai yêu cầu.
setting-sms-per-day-label = Của cả máy chủ trong 24 giờ
setting-sms-per-day-text = Sau đó mọi người dùng cách khác.
