# The line above an account that somebody looks at as its owner sees it, and /viewing

viewing-label = Bạn đang xem tài khoản của người khác
viewing-line = Bạn đang xem tài khoản của { $whom } với tư cách { $who }.
viewing-left = Còn { $left }, đến
viewing-only-looking = Bạn chỉ có thể xem. Không thay đổi được gì, và các bí mật không hiện ra.
viewing-reason = Lý do, người ấy cũng đọc được: { $reason }
viewing-stop = Thôi xem
viewing-shut-title = Phần này đóng trong lúc bạn xem
viewing-shut-text = Bạn đang xem tài khoản của { $name }. Trong lúc này không thay đổi được gì, các bí mật không hiện ra, và trang quản trị đóng lại.
viewing-shut-remedy = Hãy thôi xem để trở lại tài khoản của chính bạn.
viewing-on = Xem tiếp { $name }
viewing-over-title = Bạn không còn xem tài khoản ấy nữa
viewing-over-text = Đã hết giờ, hoặc tài khoản ấy hay vai trò của bạn đã đổi trong lúc xem. Bạn vẫn đăng nhập với tài khoản của mình.
viewing-back = Về tài khoản của bạn
