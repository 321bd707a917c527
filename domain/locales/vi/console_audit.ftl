# /admin/audit: những gì đã xảy ra, cho người quản lý máy chủ này

audit-title = Nhật ký kiểm toán
audit-text = Mọi việc liên quan đến sự an toàn của mọi người và của máy chủ này, mới nhất ở trên. Không ai sửa được mà không bị lộ.
audit-chain-link = Chuỗi
audit-nav-label = Các trang nhật ký

audit-filter-label = Chọn dòng
audit-what = Việc gì
audit-what-all = Tất cả
audit-what-refused = Mọi việc bị từ chối
audit-what-topics = Theo chủ đề
audit-what-kinds = Theo loại sự kiện
audit-topic-sign-ins = Đăng nhập
audit-topic-sessions = Phiên và thiết bị
audit-topic-passwords = Mật khẩu
audit-topic-factors = Bước thứ hai và khóa truy cập
audit-topic-accounts = Tài khoản
audit-topic-recoveries = Lấy lại tài khoản
audit-topic-rights = Quyền và vai trò
audit-topic-server = Máy chủ này
audit-who = Ai làm
audit-whom = Với tài khoản của ai
audit-person-hint = Địa chỉ email hoặc mã số
audit-address = Từ địa chỉ mạng nào
audit-request = Mã sự cố
audit-request-hint = Như trang lỗi hiển thị
audit-from = Từ lúc
audit-until = Đến lúc
audit-zone = Giờ theo { $zone }.
audit-show = Xem
audit-clear = Xem tất cả
audit-fault-event = Không có sự kiện nào như vậy.
audit-fault-person = Không ai ở đây có địa chỉ hoặc mã số này.
audit-fault-address = Hãy gõ một địa chỉ mạng, ví dụ 203.0.113.7.
audit-fault-request = Mã sự cố không dài như vậy.
audit-fault-moment = Hãy gõ ngày và giờ, ví dụ 2026-11-23T06:15.
audit-fault-order = Thời điểm này ở trước lúc bắt đầu.

audit-list = Các dòng
audit-column-when = Khi nào
audit-column-what = Việc gì
audit-column-who = Ai làm
audit-column-whom = Tài khoản
audit-column-from = Từ đâu
audit-refused = Bị từ chối
audit-as = { $who }, dưới danh nghĩa { $whom }
audit-server = Máy chủ này
audit-somebody = Không rõ
audit-gone = Một người đã bị xóa
audit-newer = Mới hơn
audit-older = Cũ hơn
audit-newest = Mới nhất
audit-looked = Ít dòng như vậy: trang này đã xem ngược đến { $moment }.
audit-look-on = Xem ngược thêm
audit-empty-title = Không có gì ở đây
audit-empty-text = Không có dòng nào như vậy.
audit-empty-faults = Hãy sửa chỗ được đánh dấu ở trên, rồi các dòng sẽ hiện ở đây.

audit-follow = Theo dõi trực tiếp
audit-follow-stop = Ngừng theo dõi
audit-follow-live = Đang theo dõi: việc gì xảy ra sẽ hiện ở trên cùng trong vòng một giây.
audit-follow-over = Việc theo dõi đã kết thúc: bạn đã đăng xuất, hoặc không còn được xem nhật ký.
audit-follow-lost = Mất kết nối. Trang sẽ tự thử lại.
audit-follow-busy = Hiện không thể theo dõi thêm. Bạn hãy xem các dòng mới nhất.

audit-copy = Lấy một bản sao
audit-copy-text = Gồm mọi dòng phù hợp, cũ nhất trước. Bạn sẽ được hỏi lại mình là ai, và nhật ký ghi rằng bạn đã lấy. Nếu bản sao bị ngắt, hãy lấy tiếp sau mã của dòng cuối cùng: thêm &after= và mã đó vào địa chỉ.
audit-copy-csv = CSV, cho bảng tính
audit-copy-jsonl = JSON Lines, cho chương trình
audit-kept-for-ever = Các dòng được giữ mãi, trừ khi thiết lập audit_retention_days quy định khác.
audit-kept = Các dòng được giữ { $days } ngày (audit_retention_days). Mỗi giờ một lần, dòng cũ hơn bị xóa, đến một điểm kiểm tra đã ký.

## Một dòng

audit-row-title = Một sự kiện
audit-row-back = Trở lại nhật ký
audit-row-about = Việc đã xảy ra
audit-row-kind = Sự kiện
audit-row-outcome = Kết quả
audit-row-done = Đã xong
audit-row-device = Trình duyệt
audit-row-session = Phiên
audit-row-request = Yêu cầu
audit-row-place = Vị trí trong chuỗi
audit-row-no-place = Không có: dòng này được chèn vào mà không qua chương trình. Trang về chuỗi nói rõ hơn.
audit-row-hash = Mã băm
audit-row-emptied = Một lần xóa tài khoản đã bỏ đi người liên quan và nơi xuất phát. Việc này đã xảy ra và vào lúc nào thì vẫn được chứng minh.
audit-row-changes = Điều đã thay đổi
audit-row-field = Giá trị
audit-row-whole = Toàn bộ
audit-row-before = Trước
audit-row-after = Sau
audit-row-none = không có
audit-row-more = Chi tiết khác
audit-row-others = Xem xung quanh
audit-row-same-request = Mọi việc của yêu cầu này
audit-row-same-who = Mọi việc { $name } đã làm
audit-row-same-whom = Mọi việc xảy ra với tài khoản của { $name }
audit-row-same-address = Mọi việc từ { $address }

## Vì sao bị từ chối

why-heading = Vì sao bị từ chối
why-rule = Quy tắc
why-permission = Quyền
why-unknown-permission = Một quyền mà phiên bản này không biết.
why-given-by = Vai trò có quyền này
why-given-by-none = Không vai trò nào có quyền này.
why-held-now = Bây giờ họ đã có.
why-not-held = Họ vẫn chưa có.
why-lacks = Không vai trò nào của họ cho quyền này.
why-needs-second-factor = Họ có quyền, nhưng phiên này chưa qua bước thứ hai. Họ có thể làm bước đó rồi thử lại.
why-gives-more = Họ muốn cho người khác điều mà chính họ không có.
why-last-administrator = Nếu vậy thì không còn ai được làm mọi việc.
why-own-rights = Họ muốn đổi quyền của chính mình.
why-built-in-role = Không thể sửa vai trò có sẵn trong chương trình.
why-viewing = Họ đang xem tài khoản của người khác như chủ của nó thấy. Trong lúc đó không ai thay đổi được gì.
why-other = Một quy tắc mà phiên bản này không biết đã từ chối.
why-sign-in-nobody = Không ai có địa chỉ đã gõ. Họ chỉ được báo là không khớp.
why-sign-in-no-password = Tài khoản không có mật khẩu: chủ của nó đăng nhập bằng khóa truy cập. Họ chỉ được báo là không khớp.
why-sign-in-password = Mật khẩu không đúng.
why-sign-in-locked = Mật khẩu đúng, nhưng tài khoản đang bị khóa. Họ chỉ được báo là không khớp. Hãy mở khóa nếu chuyện đó đã qua.
why-sign-in-outrun = Mật khẩu đã được đổi, hoặc tài khoản bị khóa, trong lúc kiểm tra.
why-sign-in-throttled = Tài khoản này đã sai quá nhiều lần nên không kiểm tra nữa. Nó sẽ tự mở lại; ai biết mật khẩu có thể chờ, hoặc đặt mật khẩu mới qua thư.
why-sign-in-factor = Mật khẩu đúng. Bước thứ hai thì không.
why-sign-in-factor-throttled = Bước thứ hai đã sai quá nhiều lần nên không kiểm tra nữa.
why-sign-in-passkey = Khóa truy cập không còn được biết ở đây, tài khoản của nó bị khóa, hoặc câu trả lời của nó không khớp.
why-sign-in-passkey-unverified = Khóa truy cập đúng, nhưng thiết bị không kiểm tra ai đang cầm nó.
why-sign-in-unknown = Dòng này do một phiên bản chưa ghi lý do viết ra.

## Chuỗi

chain-title = Chuỗi
chain-text = Mỗi dòng giữ mã băm của chính nó và của dòng trước. Mỗi giờ một lần, kết quả được ký. Vì vậy không thể sửa, bỏ hay chèn một dòng mà không bị lộ.
chain-rows = Các dòng
chain-rows-span = { $first } đến { $last }
chain-signed = Đã ký đến dòng
chain-checked = Kiểm tra lần cuối
chain-never = chưa bao giờ
chain-key = Khóa
chain-check-heading = Kiểm tra
chain-whole = Nhật ký còn nguyên vẹn: { $rows } dòng, { $first } đến { $last }.
chain-erased = Trong đó { $count } dòng đã được làm trống khi xóa tài khoản.
chain-broken = Nhật ký không còn nguyên vẹn. Có người đã sửa nó mà không qua chương trình.
chain-broken-remedy = Hãy giữ một bản sao của cơ sở dữ liệu như hiện giờ, tìm xem ai có thể ghi vào đó, và so với một điểm kiểm tra bạn giữ ở nơi khác: latchstring audit verify --checkpoint FILE.
chain-more = Và { $count } chỗ nữa.
chain-none = Chưa ai yêu cầu kiểm tra.
chain-going = Các dòng đang được kiểm tra từng dòng một.
chain-steps = { $done } trên { $total } dòng
chain-look-again = Xem lại
chain-progress = Kiểm tra đến đâu
chain-lost = Lần kiểm tra trước không kết thúc. Hãy yêu cầu lần khác.
chain-ask = Kiểm tra mọi dòng ngay
chain-ask-hint = Việc này tự chạy; không ai phải chờ.
chain-asked = Đã yêu cầu. Kết quả sẽ hiện ở đây.
chain-checkpoints-heading = Điểm kiểm tra
chain-checkpoints-text = Của ngày vừa qua. Mỗi ngày hãy giữ một điểm ở nơi máy chủ này không ghi được, bằng lệnh: latchstring audit checkpoint
chain-checkpoints-none = Chưa có: điểm đầu tiên sẽ được ký trong vòng một giờ.
chain-column-row = Dòng
chain-column-signed = Ký lúc
chain-column-kind = Loại
chain-column-holds = Chữ ký
chain-hourly = mỗi giờ
chain-anchor = đầu chuỗi
chain-holds = đúng
chain-holds-not = không đúng
chain-kept-heading = Các dòng được giữ bao lâu

## Câu của những sự kiện mà người quản lý đọc khác với chủ tài khoản

told-installation-set-up = Đã thiết lập máy chủ này và trở thành quản trị viên
told-sign-in-failed = Một lần đăng nhập bị từ chối
told-session-confirmed = Đã cho thấy lần nữa mình là ai, để thay đổi
told-factors-cleared-by-operator = Người quản lý đã gỡ mọi bước thứ hai
told-password-set-by-operator = Người quản lý đã đặt mật khẩu mới
told-user-locked = Đã khóa tài khoản
told-user-unlocked = Đã mở khóa tài khoản
told-view-began = Bắt đầu xem một tài khoản như chủ của nó thấy
told-view-ended = Thôi xem một tài khoản
told-view-refused = Thử thay đổi điều gì đó trong lúc xem một tài khoản
told-recovery-hastened-by-operator = Người quản lý đã rút ngắn thời gian chờ lấy lại tài khoản
told-export-asked = Đã yêu cầu một bản sao dữ liệu của mình
told-export-made = Bản sao dữ liệu đã sẵn sàng
told-export-fetched = Đã tải bản sao dữ liệu của mình về
