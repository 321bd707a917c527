# Trang báo lỗi: chuyện gì đã xảy ra, và nên làm gì. Được tìm theo mã trạng thái: `error-<mã>-…`.

error-incident = Nếu cần nhờ giúp, hãy cho biết số này: { $id }

error-403-title = Cửa này đóng với bạn
error-403-text = Yêu cầu không đến từ một trang của máy chủ này, hoặc tài khoản của bạn không được phép.
error-403-remedy = Mở lại trang rồi thử lần nữa. Nếu lẽ ra bạn được phép, hãy hỏi người quản lý máy chủ.
error-404-title = Ở đây không có gì
error-404-text = Có thể địa chỉ gõ nhầm, hoặc trang đã chuyển đi.
error-404-remedy = Xem lại địa chỉ, hoặc bắt đầu từ trang đầu.
error-405-title = Cách này không được
error-405-text = Địa chỉ này có thật, nhưng không hỏi nó theo cách đó được.
error-405-remedy = Quay lại trang trước đó và dùng nút bấm của trang.
error-408-title = Lâu quá rồi
error-408-text = Yêu cầu của bạn không đến trọn vẹn kịp lúc. Không có gì thay đổi.
error-408-remedy = Kiểm tra kết nối rồi thử lại.
error-413-title = Nhiều quá trong một lần
error-413-text = Nội dung gửi lên lớn hơn mức trang này nhận. Không có gì thay đổi.
error-413-remedy = Rút ngắn lại rồi thử lần nữa.
error-421-title = Nhầm nhà rồi
error-421-text = Máy chủ này không trả lời ở địa chỉ bạn vừa dùng.
error-421-remedy = Hãy mở nó ở { $url }.
error-429-title = Từ từ đã nào
error-429-text = Có quá nhiều lần thử từ chỗ này.
error-429-remedy = Chờ { $wait } rồi thử lại. Không mất gì đâu.
error-500-title = Có gì đó bị hỏng
error-500-text = Không phải lỗi của bạn. Chuyện này đã được ghi lại.
error-500-remedy = Lát nữa thử lại. Nếu vẫn thế, hãy báo cho người quản lý máy chủ.
error-503-title = Lúc này bận quá
error-503-text = Máy chủ chưa nhận thêm việc được. Không có gì thay đổi.
error-503-remedy = Chờ { $wait } rồi thử lại.

# Lời từ chối: mỗi mã một câu, được tìm theo `refusal-<mã>-<ô>`, không có thì theo `refusal-<mã>`.

refusal-required = Hãy điền ô này.
refusal-required-name = Nhập tên của bạn.
refusal-required-email = Nhập địa chỉ email của bạn.
refusal-required-password = Nhập mật khẩu.
refusal-required-code = Nhập sáu chữ số trong thư.
refusal-too-long = Dài quá. Hãy rút ngắn lại.
refusal-too-long-name = Tên này dài quá. Hãy dùng dạng ngắn hơn.
refusal-too-long-email = Địa chỉ này dài quá. Xem có dán nhầm gì vào không.
refusal-email-invalid = Trông chưa giống địa chỉ email. Địa chỉ có dạng name@example.com.
refusal-name-invalid = Tên này không hiển thị được. Hãy dùng chữ cái, bỏ dấu xuống dòng và ký tự ẩn.
refusal-password-too-short = Mật khẩu này ngắn quá. Dùng ít nhất { $min } ký tự; ghép vài từ chẳng liên quan là được.
refusal-password-too-long = Mật khẩu này dài quá. Dùng nhiều nhất { $max } ký tự.
refusal-password-common = Mật khẩu này nằm trong những danh sách mà kẻ xấu thử đầu tiên. Hãy chọn mật khẩu khác; ghép vài từ chẳng liên quan là được.
refusal-password-contains-identity = Mật khẩu này gần như chỉ là tên hoặc địa chỉ của bạn, rất dễ đoán. Hãy chọn thứ gì không liên quan.
refusal-sign-in-mismatch = Email và mật khẩu này không khớp nhau. Hãy xem lại cả hai, hoặc đặt lại mật khẩu.
refusal-password-wrong = Đây không phải mật khẩu của bạn. Hãy xem lại, hoặc đặt mật khẩu mới qua thư.
refusal-password-same = Đây là mật khẩu bạn đang dùng. Hãy chọn mật khẩu khác.
refusal-signed-out = Bạn không còn đăng nhập ở đây nữa. Hãy đăng nhập ở một thẻ khác rồi gửi lại: những gì bạn nhập vẫn còn đây.
refusal-session-unknown = Thiết bị đó không còn đăng nhập nữa. Danh sách cho thấy các thiết bị còn đăng nhập.
refusal-too-many-accounts = Trình duyệt này không giữ thêm tài khoản được nữa. Hãy đăng xuất một tài khoản trước.
refusal-too-many-attempts = Đã thử quá nhiều lần. Chờ { $wait } rồi thử lại.
refusal-code-invalid = Mã này chưa đúng. Xem thư mới nhất và nhập sáu chữ số trong đó.
refusal-code-elsewhere = Mã chỉ dùng được trong trình duyệt mà bạn đã đăng ký. Ở đây, hãy mở liên kết trong thư.
refusal-code-expired = Mã này không còn dùng được. Hãy xin thư mới và dùng mã trong thư đó.
refusal-link-invalid = Liên kết này không dùng được. Hãy mở liên kết trong thư mới nhất, hoặc xin liên kết mới.
refusal-link-expired = Liên kết này đã quá hạn. Hãy xin liên kết mới.
refusal-link-used = Liên kết này đã được dùng. Hãy đăng nhập, hoặc xin liên kết mới.
refusal-already-set-up = Máy chủ này đã có quản trị viên. Hãy đăng nhập.
refusal-sign-up-closed = Ở đây không mở đăng ký. Hãy nhờ người quản lý máy chủ này tạo tài khoản cho bạn.
refusal-busy = Máy chủ đang bận. Chờ { $wait } rồi thử lại. Những gì bạn nhập vẫn còn đây.
refusal-unavailable = Một phần của máy chủ đang tạm nghỉ. Lát nữa thử lại. Không có gì thay đổi.
refusal-unexpected = Có gì đó bị hỏng, không phải lỗi của bạn. Hãy thử lại; nếu vẫn thế, hãy báo cho người quản lý máy chủ.
refusal-cross-site = Yêu cầu này không đến từ một trang của máy chủ này. Mở lại trang rồi thử lần nữa.
refusal-malformed = Máy chủ không đọc được yêu cầu này. Mở lại trang rồi thử lần nữa.
