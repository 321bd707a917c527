# /recover: lối về chậm cho người đã mất tất cả

recover-title = Lấy lại tài khoản
recover-heading = Không vào được?
recover-text = Nếu bạn mất cả mật khẩu lẫn bước thứ hai thì vẫn còn một lối về, chỉ là chậm. Chậm để không ai khác đi được lối này thay bạn.
recover-quick = Chỉ quên mật khẩu?
recover-quick-link = Đặt mật khẩu mới: chỉ mất một phút
recover-step-told = Chúng tôi báo ngay tới mọi địa chỉ của tài khoản. Trong thư có liên kết để dừng tất cả.
recover-step-wait = Bạn chờ { $wait }. Trong thời gian đó, hễ có người đăng nhập được vào tài khoản thì việc này dừng lại: tài khoản đâu có mất.
recover-step-link = Sau đó chúng tôi gửi cho bạn một liên kết. Nó dùng được một lần, trong { $life }, để đặt mật khẩu mới hoặc khóa truy cập mới. Bước thứ hai và các mã khôi phục bị gỡ bỏ, mọi thiết bị bị đăng xuất.
recover-when = Nếu bạn yêu cầu bây giờ, liên kết được gửi vào { $time }.
recover-button = Yêu cầu lối về
recover-saying = Đường vòng hơi xa.
recover-saying-note = Nhưng về đúng cửa nhà bạn.

## Sau khi yêu cầu: như nhau với địa chỉ có hay không có tài khoản

recover-sent-title = Giờ bạn hãy chờ
recover-sent = Nếu { $email } có tài khoản ở đây, chúng tôi đã báo tới mọi địa chỉ của tài khoản đó.
recover-sent-somewhere = Nếu địa chỉ bạn nhập có tài khoản ở đây, chúng tôi đã báo tới mọi địa chỉ của tài khoản đó.
recover-sent-when = Nếu trước bạn chưa ai yêu cầu, liên kết được gửi vào { $time }. Trong thư có ghi giờ chính xác.
recover-sent-stop = Tìm lại được điện thoại hay các mã rồi? Hãy đăng nhập. Việc này sẽ dừng, và không có gì thay đổi.
recover-sent-nothing = Chưa thấy thư? Hãy xem trong thư rác. Cũng có thể tài khoản của bạn dùng địa chỉ khác.
recover-again = Thử lại

## Liên kết ở cuối

recover-finish-title = Chọn cách vào mới
recover-finish-text = Thời gian chờ đã hết. Việc này đặt mật khẩu mới cho { $email }, hoặc khóa truy cập thay cho mật khẩu.
recover-finish-gone = Bước thứ hai, các khóa truy cập và mã khôi phục cũ, cùng các trình duyệt đã nhớ của tài khoản bị gỡ bỏ, mọi thiết bị bị đăng xuất. Khi đã vào được, hãy thêm lại bước thứ hai.
recover-finish-button = Đặt mật khẩu
recover-finish-passkey = Tạo khóa truy cập, không cần mật khẩu
recover-finish-passkey-next = Nếu đặt mật khẩu, bạn sẽ tạo khóa truy cập khi đăng nhập: chỉ có nó mới mở được tài khoản của bạn.
recover-finish-not-me = Bạn không yêu cầu việc này? Hãy mở liên kết dừng lại trong thư.
recover-used-title = Liên kết này đã dùng rồi
recover-used-text = Nó chỉ dùng được một lần. Nếu chính bạn đã dùng, hãy đăng nhập bằng mật khẩu hoặc khóa truy cập vừa chọn. Nếu không, có người khác đọc được thư của bạn: hãy đổi mật khẩu hộp thư trước, rồi đặt mật khẩu mới ở đây.
recover-stopped-title = Việc này đã dừng
recover-stopped-text = Có người đã đăng nhập vào tài khoản, hoặc đã dừng bằng liên kết. Không có gì thay đổi. Nếu bạn vẫn không vào được, hãy yêu cầu lại: thời gian chờ tính từ đầu.
recover-expired-title = Liên kết này đã quá hạn
recover-expired-text = Nó dùng được trong { $life }. Không có gì thay đổi. Hãy yêu cầu lại: thời gian chờ tính từ đầu.
recover-invalid-title = Liên kết này không dùng được
recover-invalid-text = Có thể nó bị thiếu một đoạn, hoặc đã có thư mới hơn thay thế. Hãy mở liên kết trong thư mới nhất.
recover-ask-again = Yêu cầu lối về

## Liên kết để dừng

recover-cancel-title = Dừng việc này?
recover-cancel-text = Có người yêu cầu vào tài khoản của bạn mà không cần mật khẩu và bước thứ hai. Vào { $time }, một liên kết đặt mật khẩu mới sẽ được gửi đi. Nếu không phải bạn, hoặc bạn đã đăng nhập lại được, hãy dừng lại.
recover-cancel-button = Dừng lại
recover-cancel-mine = Chính là bạn, và bạn vẫn chưa vào được? Vậy hãy đóng trang này và chờ.
recover-cancelled-title = Đã dừng
recover-cancelled-text = Không có gì thay đổi. Nếu người yêu cầu không phải bạn thì có thể ai đó đọc được thư của bạn: hãy đổi mật khẩu hộp thư.
recover-over-title = Không còn gì để dừng
recover-over-text = Việc này đã dừng từ trước, hoặc đã xong. Hãy đăng nhập, hoặc đặt mật khẩu mới, để chắc rằng tài khoản vẫn là của bạn.

## Trong tài khoản

recover-waits = Có người yêu cầu vào tài khoản này mà không cần mật khẩu và bước thứ hai. Vào { $time }, một liên kết đặt mật khẩu mới sẽ được gửi đi.
recover-waits-text = Nếu không phải bạn, hoặc bạn không cần nữa, hãy dừng lại.
recover-stopped-here = Trước đó có người yêu cầu vào tài khoản của bạn mà không cần mật khẩu và bước thứ hai. Bạn đã đăng nhập, nên việc đó đã dừng.
recover-cancelled-here = Đã dừng. Không có gì thay đổi.
frozen-note = Đến { $time }, không thể thay đổi gì về bảo mật của tài khoản này.
frozen-note-text = Có người đã trả lời một thư của chúng tôi rằng "không phải tôi". Nhờ vậy tài khoản được giữ nguyên cho đến khi chủ nhân trở lại.
