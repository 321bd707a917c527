# Bước thứ hai: được hỏi khi đăng nhập và ở /confirm, được quản lý ở /account/security

challenge-title = Còn một bước nữa
challenge-saying-note = Nhà đã quen tiếng gõ cửa. Giờ đến mật hiệu.
challenge-button = Đăng nhập
challenge-cancel = Đăng nhập bằng tài khoản khác
challenge-lost = Mất hết các cách này?
challenge-lost-link = Lấy lại tài khoản mà không cần chúng
challenge-enrol-title = Tài khoản của bạn cần bước thứ hai
challenge-enrol-text = { $email } chỉ dùng được cùng một ứng dụng xác thực: ứng dụng miễn phí trên điện thoại, cứ nửa phút lại hiện một mã mới. Thêm ngay bây giờ là bạn vào được.
challenge-passkey-title = Tạo khóa truy cập
challenge-passkey-text = { $email } chỉ mở được bằng khóa truy cập: vân tay, khuôn mặt hoặc mã của thiết bị. Tạo ngay bây giờ là bạn vào được.
challenge-passkey-elsewhere = Cần một thiết bị giữ được khóa, và JavaScript. Bạn cũng có thể đăng nhập trên thiết bị hoặc trình duyệt khác rồi tạo khóa ở đó.

## Tên của từng cách, và nên làm gì

factor-totp-text = Mở ứng dụng xác thực và nhập mã đang hiện.
factor-totp-label = Mã trong ứng dụng
factor-totp-hint = Sáu chữ số. Mỗi mã dùng được một lần, trong khoảng nửa phút.
factor-totp-way = Dùng mã trong ứng dụng xác thực
factor-sms-text = Chúng tôi có thể gửi tin nhắn chứa mã đến điện thoại của bạn, { $phone }.
factor-sms-sent = Chúng tôi đã gửi tin nhắn chứa mã đến điện thoại của bạn, { $phone }. Hãy nhập mã vào đây.
factor-sms-label = Mã trong tin nhắn
factor-sms-way = Nhận mã qua tin nhắn
factor-sms-send = Gửi mã qua tin nhắn
factor-sms-nothing-text = Hãy xem điện thoại có sóng không. Tin nhắn có thể mất một hai phút mới đến.
factor-mail-text = Chúng tôi có thể gửi mã đến { $email }.
factor-mail-sent = Chúng tôi đã gửi mã đến { $email }. Hãy nhập mã vào đây.
factor-mail-label = Mã trong thư
factor-sent-hint = Sáu chữ số. Mã dùng được trong { $life }, và chỉ ở đây.
factor-mail-way = Nhận mã qua thư
factor-mail-send = Gửi mã cho tôi
factor-sent-new = Mã đang trên đường đến. Mã gửi trước đó không còn dùng được.
factor-sent-nothing = Chưa nhận được gì?
factor-mail-nothing-text = Hãy xem trong thư mục thư rác. Thư có thể mất vài phút mới đến.
factor-sent-again = Gửi mã mới
factor-recovery-text = Nhập một trong các mã khôi phục bạn đã cất. Mã đó dùng được một lần, các mã khác vẫn còn.
factor-recovery-label = Mã khôi phục
factor-recovery-hint = Mười sáu chữ cái và chữ số. Dấu gạch và chữ hoa không quan trọng.
factor-recovery-way = Dùng mã khôi phục
factor-other = Hoặc làm cách khác:
factor-trust = Không hỏi lại trên trình duyệt này trong 30 ngày

## Ở /account/security

factors-heading = Bước thứ hai
factors-text = Có bước thứ hai, chỉ mật khẩu bị lộ thì chưa ai vào được.
factors-passkey-only = Ở đây chỉ khóa truy cập mới mở được cửa. Nếu mất khóa, mã khôi phục giúp bạn tạo khóa mới.
factors-required = Tài khoản của bạn phải có khóa truy cập hoặc ứng dụng xác thực.
passkey-required = Tài khoản của bạn phải có khóa truy cập: sắp tới chỉ có nó mới mở được cửa.
factors-required-link = Thêm ngay bây giờ
factors-until = Bạn vẫn đăng nhập được mà không cần nó đến
factors-add = Thêm
factors-replace = Thay
factors-remove = Gỡ bỏ
factors-since = Đã thêm lúc
totp-name = Ứng dụng xác thực
totp-none = Một ứng dụng miễn phí trên điện thoại, cứ nửa phút lại hiện một mã mới.
totp-add-label = Thêm ứng dụng xác thực
totp-replace-label = Thay ứng dụng xác thực
totp-remove-label = Gỡ bỏ ứng dụng xác thực
totp-done = Ứng dụng xác thực đã được thêm. Từ giờ bạn sẽ được hỏi mã của nó.
totp-removed-done = Ứng dụng xác thực đã được gỡ bỏ.
sms-codes-name = Mã qua tin nhắn
sms-codes-none = Chúng tôi gửi mã đến điện thoại di động của bạn. Yếu hơn ứng dụng hay khóa truy cập: ai chiếm được số của bạn thì nhận được mã.
sms-codes-on = Chúng tôi gửi mã đến { $phone }. Ai chiếm được số của bạn thì nhận được mã; khóa truy cập hoặc ứng dụng an toàn hơn.
sms-codes-off = Máy chủ này không có: tin nhắn có thể bị chặn đọc, số điện thoại có thể bị chiếm. Khóa truy cập hoặc ứng dụng xác thực an toàn hơn.
sms-codes-asleep = Mã sẽ được gửi đến { $phone }, nhưng hiện máy chủ này không gửi tin nhắn.
sms-codes-add-label = Thêm mã qua tin nhắn
sms-codes-replace-label = Thay số điện thoại
sms-codes-remove-label = Gỡ bỏ mã qua tin nhắn
sms-codes-done = Số điện thoại của bạn đã được thêm. Từ giờ bạn có thể được hỏi mã mà chúng tôi gửi đến số đó.
sms-codes-removed-done = Số điện thoại của bạn đã được gỡ bỏ.
mail-codes-name = Mã qua thư
mail-codes-off = Chúng tôi gửi mã đến địa chỉ của bạn. Có còn hơn không, nhưng yếu hơn ứng dụng: ai đọc được thư thì đọc được mã.
mail-codes-on = Chúng tôi gửi mã đến địa chỉ của bạn khi bạn đăng nhập.
mail-codes-add-label = Thêm mã qua thư
mail-codes-remove-label = Gỡ bỏ mã qua thư
mail-codes-done = Từ giờ bạn sẽ được hỏi mã gửi qua thư.
mail-codes-removed-done = Bạn không còn bị hỏi mã gửi qua thư.
security-confirm-first = Trước hết hãy cho thấy đó là bạn

## Thêm ứng dụng

totp-title = Thêm ứng dụng xác thực
totp-text = Hai bước, chưa đến một phút.
totp-picture = Khóa của tài khoản này dưới dạng mã QR
totp-scan = Trước hết, quét hình này bằng ứng dụng.
totp-open = Mở bằng ứng dụng trên thiết bị này
totp-type = Nếu ứng dụng không quét được, hãy nhập khóa này vào:
totp-confirm = Thêm ứng dụng
totp-cancel = Để sau

## Thêm điện thoại

phone-title = Thêm mã qua tin nhắn
phone-text = Chúng tôi gửi mã đến điện thoại di động của bạn, bây giờ và mỗi khi bạn đăng nhập.
phone-risk = Mã qua tin nhắn chặn được hầu hết kẻ trộm, nhưng không phải tất cả: tin nhắn có thể bị chặn đọc, và kẻ xấu có thể lừa nhà mạng giao số của bạn cho họ.
phone-better = An toàn hơn mà cũng nhanh như vậy:
phone-label = Số di động
phone-hint = Gồm dấu cộng và mã quốc gia, ví dụ +84 91 234 56 78.
phone-hint-countries = Gồm dấu cộng và mã quốc gia. Tin nhắn được gửi đến { $countries }.
phone-hint-home = Số của { $country }.
phone-send = Gửi mã
phone-sent = Chúng tôi đã gửi tin nhắn chứa mã đến { $phone }. Hãy nhập mã vào đây.
phone-confirm = Thêm số này
phone-other = Dùng số khác

## Mã khôi phục

codes-name = Mã khôi phục
codes-left =
    { $count ->
       *[other] Còn { $count } mã, phòng ngày bạn mất điện thoại.
    }
codes-none = Không còn mã nào. Hãy tạo mã mới để vẫn vào được khi không có điện thoại.
codes-anew = Tạo mã mới
codes-anew-label = Tạo mã khôi phục mới
codes-title = Hãy cất các mã này
codes-text = Nếu bạn mất điện thoại, mỗi mã cho bạn vào một lần. Hãy cất ở nơi khác với điện thoại: trên giấy, hoặc trong trình quản lý mật khẩu.
codes-once = Chúng tôi chỉ hiện được các mã này lần này thôi.
codes-copy = Sao chép tất cả
codes-print = In
codes-download = Tải về
codes-kept = Tôi đã cất rồi
codes-done = Bạn có mười mã khôi phục mới. Các mã trước không còn dùng được.
codes-file = Mã khôi phục cho { $host }. Mỗi mã dùng được một lần.

## Trình duyệt không bị hỏi

trusted-heading = Trình duyệt đã ghi nhớ
trusted-text = Ở đây bạn không bị hỏi bước thứ hai trong { $life } kể từ khi bạn chọn. Khi đổi điều gì về bảo mật thì vẫn phải xác nhận.
trusted-until = Không hỏi đến
trusted-end = Hỏi lại
trusted-end-label = Hỏi lại trên { $device }
trusted-done = Từ giờ trình duyệt đó sẽ lại được hỏi.
