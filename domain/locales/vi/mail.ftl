# Thư. `…-why` là dòng đầu: vì sao có thư này. `…-not-you` là dòng cuối: nên làm gì nếu không phải bạn.

mail-greeting = Chào { $name }.
mail-greeting-nameless = Chào bạn.
mail-link-fallback = Nếu nút không bấm được, hãy mở địa chỉ này:
mail-footer = { $product } tại { $host } gửi thư này. Không ai đọc thư trả lời.
mail-footer-support = { $product } tại { $host } gửi thư này. Không ai đọc thư trả lời; cần giúp gì, hãy viết cho { $support }.

mail-sign-up-verify-subject = Xác nhận địa chỉ của bạn
mail-sign-up-verify-heading = Xác nhận địa chỉ của bạn
mail-sign-up-verify-why = Có người, chắc là bạn, vừa đăng ký tài khoản tại { $host } bằng địa chỉ này.
mail-sign-up-verify-text = Chỉ một lần bấm là xác nhận xong, và tài khoản sẵn sàng.
mail-sign-up-verify-button = Xác nhận địa chỉ
mail-sign-up-verify-code = Hoặc nhập mã này vào trang mà bạn đã đăng ký:
mail-sign-up-verify-life = Liên kết dùng được trong { $link-life }, mã trong { $code-life }.
mail-sign-up-verify-not-you = Nếu không phải bạn thì không cần làm gì. Không có liên kết hay mã này, chẳng tài khoản nào được tạo.

mail-sign-up-known-subject = Bạn đã có tài khoản rồi
mail-sign-up-known-heading = Bạn đã có tài khoản rồi
mail-sign-up-known-why = Có người, có thể là bạn, vừa đăng ký tài khoản mới tại { $host } bằng địa chỉ này. Địa chỉ này đã có tài khoản.
mail-sign-up-known-text = Không có gì thay đổi. Cứ đăng nhập bằng mật khẩu bạn đang có.
mail-sign-up-known-button = Đăng nhập
mail-sign-up-known-reset = Quên mật khẩu?
mail-sign-up-known-reset-link = Đặt mật khẩu mới
mail-sign-up-known-not-you = Nếu không phải bạn thì không cần làm gì. Tài khoản và mật khẩu của bạn vẫn như cũ.

mail-welcome-subject = Tài khoản của bạn đã sẵn sàng
mail-welcome-heading = Mời bạn vào nhà
mail-welcome-why = Bạn đã xác nhận địa chỉ này, và tài khoản của bạn tại { $host } đã sẵn sàng.
mail-welcome-text = Từ giờ, hãy đăng nhập bằng địa chỉ này và mật khẩu của bạn.
mail-welcome-button = Mở tài khoản
mail-welcome-not-you = Nếu không phải bạn thì có người khác đang đọc được thư của bạn. Trước hết hãy đổi mật khẩu hộp thư; sau đó báo cho người quản lý { $host }.

mail-password-reset-subject = Đặt mật khẩu mới
mail-password-reset-heading = Đặt mật khẩu mới
mail-password-reset-why = Có người, chắc là bạn, vừa xin đặt mật khẩu mới cho tài khoản của bạn tại { $host }.
mail-password-reset-text = Mở liên kết và chọn mật khẩu. Cho đến lúc đó, mật khẩu cũ vẫn y nguyên.
mail-password-reset-button = Đặt mật khẩu mới
mail-password-reset-life = Liên kết dùng được một lần, trong { $link-life }. Nếu bạn xin nhiều lần, chỉ thư mới nhất có liên kết dùng được.
mail-password-reset-not-you = Nếu không phải bạn thì không cần làm gì. Không có liên kết này, chẳng ai đổi được mật khẩu của bạn.

## Thông báo: có thay đổi về bảo mật của tài khoản

mail-notice-origin = { $time }, từ { $device }, địa chỉ { $address }.
mail-notice-operator = { $time }, do người quản lý { $host } thực hiện.
mail-notice-alarm = Người khác làm việc này?
mail-notice-alarm-link = Không phải tôi
mail-notice-not-you = Nếu không phải bạn, hãy mở liên kết ở trên: mọi thiết bị sẽ bị đăng xuất, và bạn được giúp đặt mật khẩu mới.

mail-notice-password-set-subject = Mật khẩu của bạn vừa được đổi
mail-notice-password-set-heading = Mật khẩu của bạn vừa được đổi
mail-notice-password-set-why = Mật khẩu tài khoản của bạn tại { $host } vừa được đổi trong phần cài đặt của tài khoản.
mail-notice-password-set-text = Mọi thiết bị khác đều đã đăng xuất.

mail-notice-password-reset-subject = Mật khẩu của bạn vừa được đổi
mail-notice-password-reset-heading = Mật khẩu của bạn vừa được đổi
mail-notice-password-reset-why = Mật khẩu tài khoản của bạn tại { $host } vừa được đổi.
mail-notice-password-reset-text = Mọi thiết bị đều đã đăng xuất. Hãy đăng nhập lại bằng mật khẩu mới.

mail-notice-new-device-subject = Một thiết bị mới vừa đăng nhập vào tài khoản của bạn
mail-notice-new-device-heading = Một thiết bị mới vừa đăng nhập
mail-notice-new-device-why = Có người, chắc là bạn, vừa đăng nhập vào tài khoản của bạn tại { $host } trên một trình duyệt chưa từng dùng ở đó.
mail-notice-new-device-text = Nếu là bạn thì không cần làm gì. Chúng tôi sẽ không báo lại về trình duyệt này nữa.

## Bước thứ hai

mail-factor-code-subject = Mã của bạn
mail-factor-code-heading = Mã của bạn
mail-factor-code-why = Có người, chắc là bạn, vừa nhập đúng mật khẩu tài khoản của bạn tại { $host } và cần một mã để đi tiếp.
mail-factor-code-text = Hãy nhập mã này ở nơi bạn đang đăng nhập:
mail-factor-code-life = Mã dùng được một lần, trong { $code-life }. Chúng tôi không bao giờ hỏi mã này qua thư hay điện thoại.
mail-factor-code-not-you = Nếu không phải bạn thì có người biết mật khẩu của bạn. Không có mã này họ không vào được. Hãy sớm đặt mật khẩu mới.

# Tin nhắn chứa mã. Ngắn thôi: tin càng dài càng tốn tiền.

sms-code = { $code } là mã { $product } của bạn, dùng được trong { $life }. Đừng đưa mã này cho ai, kể cả chúng tôi.

mail-notice-totp-added-subject = Một ứng dụng xác thực đã được thêm
mail-notice-totp-added-heading = Một ứng dụng xác thực đã được thêm
mail-notice-totp-added-why = Một ứng dụng xác thực vừa được thêm vào tài khoản của bạn tại { $host }.
mail-notice-totp-added-text = Từ giờ, mỗi lần đăng nhập sẽ hỏi mã của nó. Ứng dụng đã thêm trước đó không còn dùng được.
mail-notice-totp-removed-subject = Ứng dụng xác thực của bạn đã bị gỡ bỏ
mail-notice-totp-removed-heading = Ứng dụng xác thực của bạn đã bị gỡ bỏ
mail-notice-totp-removed-why = Ứng dụng xác thực vừa bị gỡ khỏi tài khoản của bạn tại { $host }.
mail-notice-totp-removed-text = Mã của nó không còn được hỏi nữa.
mail-notice-sms-codes-added-subject = Một số điện thoại đã được thêm
mail-notice-sms-codes-added-heading = Một số điện thoại đã được thêm
mail-notice-sms-codes-added-why = Một số điện thoại vừa được thêm vào tài khoản của bạn tại { $host }, để nhận mã qua tin nhắn làm bước thứ hai.
mail-notice-sms-codes-added-text = Từ giờ, khi bạn đăng nhập chúng tôi có thể gửi mã đến số đó. Số thêm trước đây không còn nhận mã nữa.
mail-notice-sms-codes-removed-subject = Số điện thoại của bạn đã bị gỡ bỏ
mail-notice-sms-codes-removed-heading = Số điện thoại của bạn đã bị gỡ bỏ
mail-notice-sms-codes-removed-why = Số điện thoại vừa bị gỡ khỏi tài khoản của bạn tại { $host }.
mail-notice-sms-codes-removed-text = Không còn mã nào được gửi qua tin nhắn nữa.
mail-notice-mail-codes-added-subject = Mã qua thư đã được thêm
mail-notice-mail-codes-added-heading = Mã qua thư đã được thêm
mail-notice-mail-codes-added-why = Mã qua thư vừa được thêm làm bước thứ hai cho tài khoản của bạn tại { $host }.
mail-notice-mail-codes-added-text = Từ giờ, mỗi lần đăng nhập chúng tôi có thể gửi mã đến địa chỉ này.
mail-notice-mail-codes-removed-subject = Mã qua thư đã bị gỡ bỏ
mail-notice-mail-codes-removed-heading = Mã qua thư đã bị gỡ bỏ
mail-notice-mail-codes-removed-why = Mã qua thư vừa bị gỡ khỏi tài khoản của bạn tại { $host }.
mail-notice-mail-codes-removed-text = Không còn mã nào được gửi đến địa chỉ này nữa.
mail-notice-passkey-added-subject = Một khóa truy cập đã được thêm
mail-notice-passkey-added-heading = Một khóa truy cập đã được thêm
mail-notice-passkey-added-why = Một khóa truy cập vừa được thêm vào tài khoản của bạn tại { $host }.
mail-notice-passkey-added-text = Nó cho bạn vào mà không cần mật khẩu. Sau khi nhập mật khẩu, nó được hỏi làm bước thứ hai.
mail-notice-passkey-removed-subject = Một khóa truy cập đã bị gỡ bỏ
mail-notice-passkey-removed-heading = Một khóa truy cập đã bị gỡ bỏ
mail-notice-passkey-removed-why = Một khóa truy cập vừa bị gỡ khỏi tài khoản của bạn tại { $host }.
mail-notice-passkey-removed-text = Nó không còn mở cửa cho ai nữa.
mail-notice-passkey-counter-subject = Một khóa truy cập của bạn có thể đã bị sao chép
mail-notice-passkey-counter-heading = Một khóa truy cập của bạn có thể đã bị sao chép
mail-notice-passkey-counter-why = Một khóa truy cập của tài khoản bạn tại { $host } đã đếm lùi khi được dùng. Điều này xảy ra khi có một bản sao của nó, và hiếm khi do lỗi thiết bị.
mail-notice-passkey-counter-text = Nếu bạn không rõ vì sao, hãy gỡ khóa đó trong phần cài đặt của tài khoản và thêm khóa mới.
mail-notice-recovery-codes-made-subject = Bạn có mã khôi phục mới
mail-notice-recovery-codes-made-heading = Bạn có mã khôi phục mới
mail-notice-recovery-codes-made-why = Mã khôi phục mới vừa được tạo cho tài khoản của bạn tại { $host }.
mail-notice-recovery-codes-made-text = Các mã trước không còn dùng được.
mail-notice-recovery-code-used-subject = Một mã khôi phục đã được dùng
mail-notice-recovery-code-used-heading = Một mã khôi phục đã được dùng
mail-notice-recovery-code-used-why = Có người, chắc là bạn, vừa dùng một mã khôi phục của tài khoản bạn tại { $host }.
mail-notice-recovery-code-used-text = Mã đó không còn dùng được. Nếu bạn mất điện thoại, hãy thay ứng dụng xác thực trong phần cài đặt của tài khoản.
mail-notice-factors-cleared-subject = Bước thứ hai của bạn đã bị gỡ bỏ
mail-notice-factors-cleared-heading = Bước thứ hai của bạn đã bị gỡ bỏ
mail-notice-factors-cleared-why = Người quản lý { $host } đã gỡ bước thứ hai khỏi tài khoản của bạn và đặt mật khẩu mới.
mail-notice-factors-cleared-text = Mọi thiết bị đã đăng xuất. Hãy thêm lại bước thứ hai khi bạn đã vào được.

mail-notice-recovered-subject = Bạn đã lấy lại được tài khoản
mail-notice-recovered-heading = Bạn đã lấy lại được tài khoản
mail-notice-recovered-why = Thời gian chờ đã hết, và mật khẩu mới hoặc khóa truy cập mới của tài khoản bạn tại { $host } vừa được đặt bằng liên kết chúng tôi gửi.
mail-notice-recovered-text = Bước thứ hai, các khóa truy cập cũ và các mã khôi phục đã bị gỡ bỏ, mọi thiết bị đã đăng xuất. Hãy đăng nhập và xem lại bước thứ hai của tài khoản.

## Lối về chậm

mail-recovery-asked-subject = Có người muốn vào tài khoản của bạn
mail-recovery-asked-heading = Có yêu cầu lấy lại tài khoản
mail-recovery-asked-why = Có người, có thể là bạn, báo rằng không vào được tài khoản của bạn tại { $host } nữa, hoặc đã trả lời một thư của chúng tôi rằng "không phải tôi".
mail-recovery-asked-text = Chưa có gì thay đổi. Vào { $time }, chúng tôi gửi một liên kết tới địa chỉ của tài khoản. Nó đặt mật khẩu mới và gỡ bỏ bước thứ hai. Nếu đó là điều bạn cần, hãy chờ. Hễ có người đăng nhập thì việc này dừng lại.
mail-recovery-asked-button = Dừng lại
mail-recovery-asked-not-you = Nếu không phải bạn, hãy dừng bằng liên kết ở trên, hoặc đăng nhập. Có thể ai đó đọc được thư của bạn: hãy đổi mật khẩu hộp thư.

mail-recovery-hastened-subject = Bạn sẽ vào lại được tài khoản sớm hơn
mail-recovery-hastened-heading = Thời gian chờ đã ngắn lại
mail-recovery-hastened-why = Người quản lý { $host } đã rút ngắn thời gian chờ để lấy lại tài khoản của bạn.
mail-recovery-hastened-text = Vào { $time }, chúng tôi gửi một liên kết tới địa chỉ của tài khoản. Nó đặt mật khẩu mới và gỡ bỏ bước thứ hai. Hễ có người đăng nhập thì việc này dừng lại.
mail-recovery-hastened-button = Dừng lại
mail-recovery-hastened-not-you = Nếu không phải bạn đã yêu cầu và nói chuyện với họ, hãy dừng ngay bằng liên kết ở trên, và báo cho người quản lý { $host }.

mail-recovery-ready-subject = Đã hết thời gian chờ: hãy đặt mật khẩu mới
mail-recovery-ready-heading = Lối về của bạn đây
mail-recovery-ready-why = Có người, chắc là bạn, đã yêu cầu lấy lại tài khoản của bạn tại { $host }, và không ai dừng việc đó.
mail-recovery-ready-text = Hãy mở liên kết và đặt mật khẩu mới. Nó dùng được một lần, đến { $time }. Bước thứ hai bị gỡ bỏ, mọi thiết bị bị đăng xuất.
mail-recovery-ready-button = Đặt mật khẩu mới
mail-recovery-ready-stop = Bạn đã đăng nhập lại được, hoặc chưa từng yêu cầu?
mail-recovery-ready-stop-link = Dừng lại
mail-recovery-ready-not-you = Nếu không phải bạn, hãy dừng ngay, và đổi mật khẩu hộp thư.

mail-recovery-cancelled-subject = Việc lấy lại tài khoản đã dừng
mail-recovery-cancelled-heading = Việc lấy lại tài khoản đã dừng
mail-recovery-cancelled-why = Trước đó có người yêu cầu lấy lại tài khoản của bạn tại { $host }. Có người, chắc là bạn, vừa đăng nhập hoặc đã dừng việc đó.
mail-recovery-cancelled-text = Không có gì thay đổi: mật khẩu và bước thứ hai vẫn như cũ.
mail-recovery-cancelled-button = Đăng nhập
mail-recovery-cancelled-not-you = Nếu không phải bạn, và bạn vẫn không vào được, hãy đặt mật khẩu mới, hoặc yêu cầu lấy lại một lần nữa.

mail-alarm-raised-subject = Có người báo "không phải tôi"
mail-alarm-raised-heading = Có báo động
mail-alarm-raised-why = Bạn là quản trị viên của { $host }, nơi có người vừa trả lời một thư về tài khoản của họ rằng "không phải tôi".
mail-alarm-raised-text = Đó là tài khoản { $whose }. Mọi thiết bị đã bị đăng xuất, đến { $until } không thể thay đổi gì về bảo mật của tài khoản, và chủ nhân có lối về. Hãy xem ở đó đã xảy ra chuyện gì, và hỏi chủ nhân nếu có thể. Nếu tài khoản bị chiếm, hãy khóa nó lại.
mail-alarm-raised-button = Mở { $host }
mail-alarm-raised-not-you = Nếu không phải bạn là người nhận thư này, hãy báo cho người quản lý { $host }.

## Dữ liệu của một người

mail-export-ready-subject = Dữ liệu của bạn đã sẵn sàng
mail-export-ready-heading = Dữ liệu của bạn đã sẵn sàng
mail-export-ready-why = Bạn đã yêu cầu một bản sao những gì { $host } lưu về bạn.
mail-export-ready-text = Hãy đăng nhập và tải về trước { $until }. Sau đó bản sao bị xóa, và bạn có thể yêu cầu bản mới.
mail-export-ready-button = Tải dữ liệu
mail-export-ready-not-you = Nếu không phải bạn thì có người khác đang đăng nhập vào tài khoản của bạn. Hãy đổi mật khẩu: mọi thiết bị khác sẽ bị đăng xuất.

mail-erasure-asked-subject = Tài khoản của bạn sẽ bị xóa
mail-erasure-asked-heading = Tài khoản của bạn sẽ bị xóa
mail-erasure-asked-why = Bạn đã yêu cầu xóa tài khoản tại { $host }.
mail-erasure-asked-text = Mọi thiết bị đã được đăng xuất. Vào { $until }, tài khoản và mọi thứ thuộc về nó sẽ bị xóa vĩnh viễn. Trước lúc đó bạn vẫn có thể đổi ý.
mail-erasure-asked-button = Giữ tài khoản
mail-erasure-asked-not-you = Nếu không phải bạn thì có người khác biết mật khẩu của bạn. Hãy giữ tài khoản bằng liên kết ở trên, rồi đặt mật khẩu mới.
mail-erasure-asked-by-operator-subject = Tài khoản của bạn sẽ bị xóa
mail-erasure-asked-by-operator-heading = Tài khoản của bạn sẽ bị xóa
mail-erasure-asked-by-operator-why = Người quản lý { $host } đã yêu cầu xóa tài khoản của bạn ở đó.
mail-erasure-asked-by-operator-text = Mọi thiết bị đều đã đăng xuất. Vào { $until }, tài khoản và mọi thứ thuộc về nó sẽ bị xóa vĩnh viễn. Cho đến lúc đó, bạn vẫn giữ lại được.
mail-erasure-asked-by-operator-button = Giữ tài khoản
mail-erasure-asked-by-operator-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.

mail-erasure-soon-subject = Ngày cuối: tài khoản của bạn sẽ bị xóa
mail-erasure-soon-heading = Còn một ngày
mail-erasure-soon-why = Tài khoản của bạn tại { $host } sắp bị xóa, theo yêu cầu từ hai tuần trước.
mail-erasure-soon-text = Tài khoản sẽ bị xóa vĩnh viễn vào { $until }. Sau đó không ai khôi phục được. Nếu bạn vẫn muốn xóa thì không cần làm gì.
mail-erasure-soon-button = Giữ tài khoản
mail-erasure-soon-not-you = Nếu không phải bạn, hãy giữ tài khoản bằng liên kết ở trên rồi đặt mật khẩu mới, hoặc hỏi người quản lý { $host }.

mail-erasure-undone-subject = Tài khoản của bạn được giữ lại
mail-erasure-undone-heading = Tài khoản của bạn được giữ lại
mail-erasure-undone-why = Tài khoản của bạn tại { $host } sắp bị xóa, và giờ được giữ lại.
mail-erasure-undone-text = Không có gì bị xóa. Hãy đăng nhập như trước.
mail-erasure-undone-button = Đăng nhập
mail-erasure-undone-not-you = Nếu không phải bạn thì có người khác đọc được thư hoặc biết mật khẩu của bạn. Trước hết hãy đổi mật khẩu hộp thư, rồi đặt mật khẩu mới ở đây.

mail-erased-subject = Tài khoản của bạn đã bị xóa
mail-erased-heading = Tạm biệt, và cảm ơn bạn
mail-erased-why = Theo yêu cầu từ hai tuần trước, tài khoản của bạn tại { $host } đang được xóa.
mail-erased-text = Đây là thư cuối cùng chúng tôi gửi cho bạn. Địa chỉ của bạn được trả lại: bạn có thể dùng nó để đăng ký lại bất cứ lúc nào.
mail-erased-button = Đăng ký lại
mail-erased-not-you = Nếu không phải bạn, hãy báo cho người vận hành { $host }. Tài khoản không thể khôi phục.

mail-set-up-done-subject = Bạn là quản trị viên của { $host }
mail-set-up-done-heading = Nhà này là của bạn
mail-set-up-done-why = Liên kết thiết lập của { $host } đã được dùng, và địa chỉ này giờ là quản trị viên đầu tiên.
mail-set-up-done-text = Tài khoản của bạn xem và thay đổi được mọi thứ ở đó. Giữ kín mật khẩu, và cất một bản sao của khóa chính ở nơi an toàn.
mail-set-up-done-button = Mở tài khoản
mail-set-up-done-not-you = Nếu không phải bạn thì có người khác đã thấy liên kết thiết lập. Hãy dừng máy chủ ngay, và đọc nhật ký trước khi cho chạy lại.

mail-notice-email-asked-subject = Tài khoản của bạn có thể sắp đổi địa chỉ
mail-notice-email-asked-heading = Tài khoản của bạn có thể sắp đổi địa chỉ
mail-notice-email-asked-why = Có người, chắc là bạn, muốn chuyển tài khoản của bạn tại { $host } sang địa chỉ khác.
mail-notice-email-asked-text = Chưa có gì thay đổi: địa chỉ kia còn phải được xác nhận đã.
mail-notice-account-closed-subject = Tài khoản của bạn đã tạm đóng
mail-notice-account-closed-heading = Tài khoản của bạn đã tạm đóng
mail-notice-account-closed-why = Tài khoản của bạn tại { $host } vừa được tạm đóng trong phần cài đặt.
mail-notice-account-closed-text = Mọi thiết bị đã đăng xuất, và không có gì bị xóa. Khi nào muốn mở lại, bạn chỉ cần đăng nhập.
mail-notice-account-reopened-subject = Tài khoản của bạn đã mở lại
mail-notice-account-reopened-heading = Mừng bạn trở lại
mail-notice-account-reopened-why = Có người, chắc là bạn, vừa đăng nhập vào tài khoản tạm đóng của bạn tại { $host }, nên tài khoản đã mở lại.
mail-notice-account-reopened-text = Mọi thứ vẫn như cũ.

## Địa chỉ thư khác

mail-email-confirm-subject = Xác nhận địa chỉ mới của bạn
mail-email-confirm-heading = Xác nhận địa chỉ mới của bạn
mail-email-confirm-why = Có người, chắc là bạn, muốn dùng địa chỉ này cho một tài khoản tại { $host }.
mail-email-confirm-text = Chỉ một lần bấm là xác nhận xong. Từ lúc đó, tài khoản dùng địa chỉ này.
mail-email-confirm-button = Xác nhận địa chỉ
mail-email-confirm-life = Liên kết dùng được một lần, trong { $link-life }.
mail-email-confirm-not-you = Nếu không phải bạn thì không cần làm gì. Không có liên kết này, chẳng có gì thay đổi.

mail-email-taken-subject = Có người muốn dùng địa chỉ của bạn
mail-email-taken-heading = Địa chỉ của bạn vẫn thuộc tài khoản của bạn
mail-email-taken-why = Có người, có thể là bạn, muốn chuyển một tài khoản khác tại { $host } sang địa chỉ này. Địa chỉ này đã có tài khoản.
mail-email-taken-text = Không có gì thay đổi. Nếu bạn có hai tài khoản và muốn dùng địa chỉ này cho tài khoản kia, trước hết hãy đổi địa chỉ của tài khoản này.
mail-email-taken-button = Mở tài khoản
mail-email-taken-not-you = Nếu không phải bạn thì không cần làm gì. Tài khoản của bạn vẫn như cũ.

mail-email-held-subject = Có người muốn dùng địa chỉ của bạn
mail-email-held-heading = Địa chỉ này được giữ cho bạn
mail-email-held-why = Có người, có thể là bạn, muốn dùng địa chỉ này cho một tài khoản tại { $host }.
mail-email-held-text = Tài khoản của bạn vừa mới dùng địa chỉ này, và vẫn có thể trở về đây. Vì thế lúc này chưa ai khác dùng được.
mail-email-held-button = Đăng nhập bằng địa chỉ mới hơn
mail-email-held-not-you = Nếu không phải bạn thì không cần làm gì. Nếu cả việc chuyển tài khoản đi cũng không phải bạn, hãy mở liên kết trong thư chúng tôi đã gửi về việc đó.

mail-email-changed-subject = Tài khoản của bạn đã có địa chỉ khác
mail-email-changed-heading = Tài khoản của bạn đã có địa chỉ khác
mail-email-changed-why = Tài khoản của bạn tại { $host } vừa chuyển từ địa chỉ này sang một địa chỉ khác, và địa chỉ đó đã được xác nhận.
mail-email-changed-text = Nếu đó là bạn thì không cần làm gì. Nếu không, hãy lấy lại tài khoản: nó trở về địa chỉ này, mọi thiết bị bị đăng xuất, và bạn đặt mật khẩu mới.
mail-email-changed-button = Lấy lại tài khoản
mail-email-changed-life = Liên kết dùng được một lần, trong { $link-life }.
mail-email-changed-not-you = Nếu không phải bạn, hãy sớm mở liên kết ở trên: để muộn thì không lấy lại ở đây được nữa.

mail-email-arrived-subject = Tài khoản của bạn giờ dùng địa chỉ này
mail-email-arrived-heading = Tài khoản của bạn giờ dùng địa chỉ này
mail-email-arrived-why = Địa chỉ này vừa được xác nhận cho tài khoản của bạn tại { $host }.
mail-email-arrived-text = Từ giờ, hãy đăng nhập bằng địa chỉ này. Mật khẩu vẫn như cũ.
mail-email-arrived-button = Mở tài khoản
mail-email-arrived-not-you = Nếu không phải bạn thì có người khác đang đọc được thư của bạn. Trước hết hãy đổi mật khẩu hộp thư; sau đó báo cho người quản lý { $host }.

mail-email-undone-subject = Tài khoản đã về với bạn
mail-email-undone-heading = Tài khoản đã về với bạn
mail-email-undone-why = Việc đổi địa chỉ của tài khoản bạn tại { $host } đã được hủy: tài khoản lại dùng địa chỉ này.
mail-email-undone-text = Mọi thiết bị đã đăng xuất, và mật khẩu cũ không còn dùng được. Hãy đặt mật khẩu mới.
mail-email-undone-button = Đặt mật khẩu mới
mail-email-undone-life = Liên kết dùng được một lần, trong { $link-life }. Quá hạn, hãy xin liên kết mới ở trang đăng nhập.
mail-email-undone-not-you = Nếu không phải bạn thì có người khác đang đọc được thư của bạn. Trước hết hãy đổi mật khẩu hộp thư; rồi đặt mật khẩu mới ở đây.

## Những gì người quản lý máy chủ đã làm

mail-account-made-subject = Bạn có tài khoản tại { $host }
mail-account-made-heading = Tài khoản đang chờ bạn
mail-account-made-why = Người quản lý { $host } đã tạo cho bạn một tài khoản ở đó, bằng địa chỉ này.
mail-account-made-text = Mở liên kết và đặt mật khẩu. Việc đó cũng cho thấy địa chỉ này là của bạn.
mail-account-made-button = Đặt mật khẩu
mail-account-made-life = Liên kết dùng được một lần, trong { $link-life }.
mail-account-made-not-you = Nếu bạn không chờ tài khoản nào thì không cần làm gì: không có liên kết này, chẳng ai dùng được nó. Hoặc hãy hỏi người quản lý { $host }.

mail-invitation-subject = Mời bạn đến với { $product }
mail-invitation-heading = Bạn được mời
mail-invitation-why = Người quản lý { $host } muốn mời bạn tham gia.
mail-invitation-by = { $name } mời bạn đến với { $product } tại { $host }. Mở liên kết để xem lời mời và nhận lời.
mail-invitation-text = Bạn được mời đến với { $product } tại { $host }. Mở liên kết để xem lời mời và nhận lời.
mail-invitation-button = Xem lời mời
mail-invitation-life = Liên kết dùng được một lần, trong { $link-life }. Nó chỉ dành cho địa chỉ này: đừng chuyển cho ai.
mail-invitation-not-you = Nếu bạn không chờ lời mời nào thì không cần làm gì: chưa có gì xảy ra cho đến khi có người mở liên kết và nhận lời.

mail-reset-link-subject = Đặt mật khẩu mới
mail-reset-link-heading = Đặt mật khẩu mới
mail-reset-link-why = Người quản lý { $host } gửi bạn liên kết này để bạn đặt mật khẩu mới cho tài khoản của mình ở đó.
mail-reset-link-text = Mở liên kết và chọn mật khẩu. Cho đến lúc đó, mật khẩu cũ vẫn y nguyên. Ngoài bạn ra, không ai biết mật khẩu mới.
mail-reset-link-button = Đặt mật khẩu mới
mail-reset-link-life = Liên kết dùng được một lần, trong { $link-life }.
mail-reset-link-not-you = Nếu bạn không nhờ ai việc này thì không cần làm gì: không có liên kết này, chẳng ai đổi được mật khẩu của bạn.

mail-locked-subject = Tài khoản của bạn đã bị khóa
mail-locked-heading = Tài khoản của bạn đang bị khóa
mail-locked-why = Người quản lý { $host } đã khóa tài khoản của bạn ở đó.
mail-locked-text = Mọi thiết bị đều đã đăng xuất, và không ai đăng nhập được cho đến khi họ mở khóa.
mail-locked-button = Mở { $host }
mail-locked-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.

mail-locked-until-subject = Tài khoản của bạn bị khóa một thời gian
mail-locked-until-heading = Tài khoản của bạn bị khóa một thời gian
mail-locked-until-why = Người quản lý { $host } đã khóa tài khoản của bạn ở đó.
mail-locked-until-text = Mọi thiết bị đều đã đăng xuất. Từ { $until }, bạn lại đăng nhập được.
mail-locked-until-button = Mở { $host }
mail-locked-until-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.

mail-unlocked-subject = Tài khoản của bạn đã mở lại
mail-unlocked-heading = Tài khoản của bạn đã mở lại
mail-unlocked-why = Tài khoản của bạn tại { $host } từng bị khóa, nay đã mở lại.
mail-unlocked-text = Hãy đăng nhập như mọi khi.
mail-unlocked-button = Đăng nhập
mail-unlocked-not-you = Nếu bạn không biết vì sao tài khoản bị khóa, hãy hỏi người quản lý { $host }.

mail-sessions-ended-subject = Bạn đã bị đăng xuất
mail-sessions-ended-heading = Bạn đã bị đăng xuất
mail-sessions-ended-why = Người quản lý { $host } đã đăng xuất tài khoản của bạn trên một hoặc nhiều thiết bị.
mail-sessions-ended-text = Mật khẩu và bước thứ hai của bạn vẫn như cũ. Hãy đăng nhập lại ở nơi bạn cần.
mail-sessions-ended-button = Đăng nhập
mail-sessions-ended-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.

mail-password-due-subject = Hãy đặt mật khẩu mới
mail-password-due-heading = Hãy đặt mật khẩu mới
mail-password-due-why = Người quản lý { $host } đề nghị bạn đặt mật khẩu mới cho tài khoản của mình ở đó.
mail-password-due-text = Mật khẩu hiện tại không còn dùng để đăng nhập được nữa. Nơi nào bạn đang đăng nhập thì vẫn giữ nguyên.
mail-password-due-button = Nhận liên kết
mail-password-due-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.

mail-edited-subject = Hồ sơ của bạn đã được sửa
mail-edited-heading = Hồ sơ của bạn đã được sửa
mail-edited-why = Người quản lý { $host } đã đổi tên, múi giờ hoặc ngôn ngữ của tài khoản bạn ở đó.
mail-edited-text = Hãy xem lại cho đúng. Bạn có thể tự sửa lại.
mail-edited-button = Mở hồ sơ
mail-edited-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.

mail-viewed-subject = Có người đã xem tài khoản của bạn
mail-viewed-heading = Có người đã xem tài khoản của bạn
mail-viewed-why = Một người quản lý { $host } xem các trang của tài khoản bạn như chính bạn thấy.
mail-viewed-text = Lý do của họ: “{ $reason }”. Việc này kéo dài nhiều nhất { $life }. Họ không thay đổi được gì, và không thấy mật khẩu, mã hay bí mật nào. Phần hoạt động của bạn cho biết đó là ai.
mail-viewed-button = Mở phần hoạt động
mail-viewed-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.

mail-role-given-subject = Bạn có vai trò mới
mail-role-given-heading = Bạn có vai trò mới
mail-role-given-why = Người quản lý { $host } đã giao cho tài khoản của bạn ở đó một vai trò.
mail-role-given-text = Vai trò đó là { $role }. Có vai trò này, bạn cần bước thứ hai khi đăng nhập, và bị đăng xuất sớm hơn khi vắng mặt.
mail-role-given-button = Mở tài khoản
mail-role-given-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.

mail-role-taken-subject = Bạn bớt một vai trò
mail-role-taken-heading = Bạn bớt một vai trò
mail-role-taken-why = Người quản lý { $host } đã lấy lại một vai trò của tài khoản bạn ở đó.
mail-role-taken-text = Vai trò đó là { $role }. Mọi thứ khác vẫn như cũ.
mail-role-taken-button = Mở tài khoản
mail-role-taken-not-you = Nếu bạn không biết vì sao, hãy hỏi người quản lý { $host }.
