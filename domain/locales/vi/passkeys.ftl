# Khóa truy cập: ở /sign-in, /sign-up, /sign-in/challenge, /confirm và /account

## Điều trình duyệt có thể trả lời

passkey-unsupported = Trình duyệt này không dùng được khóa truy cập. Hãy thử trình duyệt mới hơn, hoặc chọn cách khác.
passkey-cancelled = Chưa có gì xảy ra: bạn đã bỏ qua khóa truy cập, hoặc đã quá lâu. Hãy thử lại, hoặc chọn cách khác.
passkey-elsewhere = Ở địa chỉ này không dùng được khóa truy cập. Hãy mở trang ở địa chỉ thường dùng rồi thử lại.
passkey-taken = Thiết bị này đã có khóa truy cập cho tài khoản. Bạn dùng khóa đó là được.
passkey-failed = Chưa được, và không phải lỗi của bạn. Hãy thử lại, hoặc chọn cách khác.
passkey-no-script = Khóa truy cập cần JavaScript, mà trình duyệt này đang tắt. Hãy bật lên, hoặc chọn cách khác.
passkey-no-script-short = Muốn dùng khóa truy cập ở đây, hãy bật JavaScript.

## Làm bước thứ hai

factor-passkey-text = Hãy dùng khóa truy cập hoặc khóa bảo mật để cho thấy đó là bạn.
factor-passkey-button = Dùng khóa truy cập
factor-passkey-way = Dùng khóa truy cập hoặc khóa bảo mật

## Ở /account/security

passkeys-heading = Khóa truy cập
passkeys-text = Với khóa truy cập, bạn vào bằng vân tay, khuôn mặt hoặc mã của thiết bị, và không ai đoán hay lừa lấy được. Khi đã có khóa, chỉ mật khẩu thôi thì không mở được tài khoản nữa.
passkeys-add = Thêm khóa truy cập
passkeys-add-another = Thêm khóa truy cập khác
passkey-unnamed = Khóa truy cập
passkey-synced = Do trình quản lý mật khẩu giữ trên các thiết bị của bạn.
passkey-one-device = Chỉ nằm trên một thiết bị.
passkey-second-only = Dùng được làm bước thứ hai sau mật khẩu: nó chưa kiểm tra ai đang cầm.
passkey-last-used = Dùng lần cuối lúc
passkey-never-used = Chưa dùng lần nào.
passkey-rename = Đổi tên
passkey-rename-label = Đổi tên khóa truy cập { $name }
passkey-name-label = Tên
passkey-rename-button = Lưu tên
passkey-remove-label = Gỡ bỏ khóa truy cập { $name }
passkey-done = Khóa truy cập đã được thêm. Từ giờ nó mở cửa cho bạn.
passkey-renamed-done = Khóa truy cập đã có tên mới.
passkey-removed-done = Khóa truy cập đã được gỡ bỏ và không còn mở cửa cho ai nữa. Hãy xóa nó trên thiết bị của bạn luôn.

## Thêm khóa

passkey-title = Thêm khóa truy cập
passkey-text = Một lần bấm, và một lần chạm trên thiết bị.
passkey-how = Trình duyệt sẽ hỏi cất khóa ở đâu: trên thiết bị này, trong trình quản lý mật khẩu, trên điện thoại, hay trên khóa bảo mật. Chúng tôi không bao giờ thấy vân tay, khuôn mặt hay mã của bạn.
passkey-create = Tạo khóa truy cập

## Lời mời sau khi đăng nhập bằng mật khẩu

passkey-offer = Lần sau đăng nhập không cần mật khẩu nhé?
passkey-offer-text = Có khóa truy cập, chỉ cần vân tay, khuôn mặt hoặc mã của thiết bị.
passkey-offer-decline = Thôi, cảm ơn
