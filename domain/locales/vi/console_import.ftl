# /admin/import: nhập người dùng từ tệp

import-title = Nhập người dùng
import-text = Đưa người dùng vào từ một tệp, kèm mật khẩu họ đang dùng ở nơi khác. Bạn thấy trước điều gì sẽ xảy ra với từng dòng.
import-done-discarded = Đã bỏ tệp cùng mọi thứ đọc được từ nó.
import-choose = Chọn tệp
import-proven = Các địa chỉ trong tệp này đã được xác minh
import-proven-hint = Dành cho tệp không có cột email_verified. Ai có địa chỉ chưa xác minh sẽ vào mà không có mật khẩu, và đặt mật khẩu qua “Quên mật khẩu”.
import-file = Tệp
import-file-hint = CSV có dòng tiêu đề, hoặc JSON: một mảng, hay mỗi dòng một đối tượng. Tối đa 64 MiB và 250.000 dòng.
import-upload = Chạy thử
import-before = Những tệp bạn đã đưa lên
import-before-text = Kết quả của từng dòng xem được trong một tuần. Không ai khác thấy.
import-brought = Đưa lên lúc
import-state = Trạng thái
import-rows = Số dòng
import-made = Đã tạo
import-no-name = Tệp không tên
import-columns = Tệp có thể ghi những gì
import-columns-text = Chỉ bắt buộc có địa chỉ. Thứ tự các cột tùy ý; cột mang tên khác được bỏ qua.
import-column-name = Cột
import-column-what = Ý nghĩa
import-column-others = Tên khác
import-back = Nhập người dùng
import-progress = Tiến độ
import-arrives = Đang đọc tệp: đến giờ được { $rows } dòng.
import-next = Điều sẽ xảy ra
import-will-rehash = Mật khẩu mang theo vẫn dùng được như trước. Ở lần đăng nhập đầu tiên, nó được băm lại theo cách của chúng tôi thay cho bản cũ.
import-passwords-left = Mật khẩu trong tệp sẽ bị bỏ lại: chỉ người có mọi quyền ở đây mới được mang theo mật khẩu, vì ai mang mật khẩu đến cũng có thể biết mật khẩu đó.
import-without-password = { $count ->
   *[other] { $number } người vào mà không có mật khẩu, và đặt mật khẩu qua “Quên mật khẩu”.
}
import-will-tell-nobody = Không ai nhận thư về việc này. Các tài khoản đã có giữ nguyên.
import-ignored = Các cột này không được đọc:
import-nobody = Không tạo được ai từ tệp này. Lý do ở bên dưới.
import-begin = { $count ->
   *[other] Nhập { $number } người
}
import-discard = Bỏ tệp này
import-going = Đang tạo người dùng
import-going-text = Việc này tự chạy tiếp, kể cả khi bạn rời trang.
import-steps = { $done } trên { $total } dòng
import-stop = Dừng
import-stop-hint = Những người đã tạo vẫn còn.
import-over = { $count ->
   *[other] Xong: đã tạo { $number } người.
}
import-stopped = { $count ->
   *[other] Đã dừng. Đến lúc đó đã tạo { $number } người, và họ vẫn còn.
}
import-rows-heading = Các dòng cần xem
import-rows-text = Hãy sửa trong tệp rồi nhập lại: những người đã tạo sẽ được bỏ qua.
import-rows-none = Không có.
import-report = Báo cáo dạng CSV
import-more = Các dòng tiếp theo
import-line = Dòng
import-why = Lý do
people-import-state-reading = Đang nhận
people-import-state-read = Đã chạy thử
people-import-state-running = Đang chạy
people-import-state-done = Xong
people-import-state-stopped = Đã dừng
people-import-outcome-ready = Tạo được
people-import-outcome-made = Đã tạo
people-import-outcome-skipped = Bỏ qua
people-import-outcome-refused = Bị từ chối
people-import-column-email = Địa chỉ email. Cột duy nhất bắt buộc.
people-import-column-email-verified = Địa chỉ đã được xác minh chưa: true hoặc false.
people-import-column-name = Tên của người đó. Nếu thiếu, lấy phần trước dấu @.
people-import-column-locale = Ngôn ngữ, ví dụ vi hoặc en-GB. Ngôn ngữ không có ở đây thành tiếng Anh.
people-import-column-time-zone = Múi giờ, ví dụ Asia/Ho_Chi_Minh.
people-import-column-state = active hoặc locked. Nếu thiếu thì là active.
people-import-column-roles = Tên các vai trò, cách nhau bằng dấu chấm phẩy. Chỉ những vai trò bạn được trao.
people-import-column-password-hash = Mã băm theo bcrypt, scrypt, PBKDF2 hoặc argon2.
people-import-column-created-at = Lúc tài khoản được tạo: RFC 3339, hoặc số mili giây từ năm 1970.
people-import-reason-exists = Địa chỉ đã có tài khoản
people-import-reason-twice = Một dòng trước có cùng địa chỉ
people-import-reason-email = Không phải địa chỉ email
people-import-reason-name = Không phải tên: là liên kết, hoặc có ký tự không nhìn thấy
people-import-reason-verified = email_verified không phải true cũng không phải false
people-import-reason-time-zone = Không phải múi giờ có thể chọn
people-import-reason-state = state không phải active cũng không phải locked
people-import-reason-role-unknown = Không có vai trò này
people-import-reason-role-not-yours = Vai trò mà bạn không được trao
people-import-reason-hash-unread = Mã băm mật khẩu ở dạng chúng tôi không đọc
people-import-reason-hash-costly = Mã băm mật khẩu mất quá lâu để so sánh
people-import-reason-created-at = created_at không phải một thời điểm trong quá khứ
people-import-reason-columns = Số giá trị khác số cột, hoặc một cột xuất hiện hai lần
people-import-reason-kind = Một giá trị sai kiểu
people-import-reason-json = Không phải đối tượng JSON
people-import-reason-encoding = Không phải UTF-8
people-import-reason-too-long = Dài hơn 64 KiB
people-import-reason-stopped = Lần nhập bị dừng trước dòng này
