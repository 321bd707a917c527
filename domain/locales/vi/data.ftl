# /account/data: bản sao dữ liệu, và xóa tài khoản; /keep-account: hủy việc xóa

data-title = Dữ liệu của bạn
data-text = Lấy một bản sao, hoặc ra đi hẳn.

data-export-heading = Tải dữ liệu của bạn
data-export-text = Một tệp zip gồm mọi thứ được lưu về bạn, ở dạng cả người lẫn chương trình đọc được, kèm một bản giải thích từng tệp. Mật khẩu và các bí mật khác không có trong đó.
data-export-button = Tạo bản sao
data-export-again = Tạo bản sao mới
data-export-again-hint = Bản mới sẽ thay bản này.
data-export-making = Bản sao đang được tạo. Chúng tôi sẽ gửi thư khi xong; bạn có thể rời trang này.
data-export-progress = Tiến độ
data-export-steps = Bước { $done } trên { $total }
data-export-check = Xem lại
data-export-ready = Bản sao đã sẵn sàng. Có thể tải đến:
data-export-download = Tải về ({ $size })
data-size-kilobytes = { $count } KB
data-size-megabytes = { $count } MB

data-delete-heading = Xóa tài khoản
data-delete-text = Bạn có 14 ngày để đổi ý. Sau đó không ai khôi phục được.
data-delete-goes = Những gì mất đi: tên và địa chỉ, mật khẩu, mọi phiên đăng nhập và thiết bị đã biết, cùng mọi thứ khác thuộc về bạn. Bạn được đăng xuất ở mọi nơi ngay lập tức.
data-delete-stays = Những gì còn lại: nhật ký bảo mật của máy chủ vẫn ghi rằng có việc đã xảy ra và vào lúc nào, không có tên, địa chỉ hay nơi bạn ở. Bản sao lưu của người vận hành máy chủ sẽ mất khi họ xóa chúng.
data-delete-again = Sau đó địa chỉ được trả lại, và bạn có thể dùng nó để đăng ký lại.
data-delete-confirm = Để tiếp tục, hãy gõ { $email }
data-delete-button = Xóa tài khoản của tôi

keep-title = Tài khoản của bạn sẽ bị xóa
keep-text = Tài khoản sẽ bị xóa vĩnh viễn vào:
keep-text-hint = Trước lúc đó, chỉ cần một lần bấm để giữ nguyên.
keep-button = Giữ tài khoản của tôi
keep-sign-out = Đăng xuất
keep-invalid-title = Ở đây không có gì để giữ
keep-invalid-text = Liên kết bị cắt mất một phần, hoặc tài khoản không còn nữa. Nếu vẫn còn tài khoản, hãy đăng nhập; nếu không, bạn có thể đăng ký lại.
keep-kept-title = Tài khoản của bạn được giữ lại
keep-kept-text = Không có gì bị xóa. Hãy đăng nhập như trước.
keep-sign-in = Đăng nhập
keep-saying = Bạn đi thật sao?
keep-saying-note = Cửa vẫn để ngỏ hai tuần.

## README.txt trong tệp nén

export-readme-title = Dữ liệu của bạn tại { $product } ({ $host })
export-readme-made = Tạo cho { $name } ({ $email }) vào { $time }.
export-readme-format = Mọi thời điểm đều theo giờ UTC. Các tệp là JSON: trình soạn thảo nào cũng mở được, và chương trình đọc được.
export-readme-left-out = Không có trong đây là những gì có thể cho ai đó vào: mật khẩu, mã, liên kết và token của phiên đăng nhập. Chúng chỉ được lưu ở dạng không đọc ngược lại được. Về các sự kiện bảo mật, ở đây có 50.000 sự kiện mới nhất.
export-readme-files = Các tệp:
export-file-profile = Bạn là ai ở đây: tên, địa chỉ và ngôn ngữ, và từ khi nào.
export-file-sign-in = Khi nào bạn đặt mật khẩu, xin mật khẩu mới, hoặc báo rằng việc gì đó không phải do bạn.
export-file-sessions = Những trình duyệt đang đăng nhập: trình duyệt nào, từ đâu, từ khi nào và đến khi nào.
export-file-devices = Những trình duyệt đã từng đăng nhập và được nhớ, theo thời điểm. Chúng tôi không biết gì hơn về chúng.
export-file-activity = Những gì đã xảy ra với tài khoản, mới nhất trước: khi nào, từ địa chỉ nào, bằng trình duyệt nào.
export-file-email-changes = Khi nào bạn đổi địa chỉ, từ địa chỉ nào sang địa chỉ nào.
export-file-sign-ups = Khi nào có người xin tài khoản bằng địa chỉ của bạn.
export-file-invitations = Khi nào có người mời địa chỉ của bạn, và bạn có nhận lời không.
export-file-claims = Những gì ứng dụng được cho biết về bạn, và từ đâu mà có.
export-file-notes = Những điều người quản lý máy chủ này đã ghi lại về bạn.
export-file-messages = Những tin nào đã được gửi cho bạn trong 30 ngày qua, không kèm nội dung.
