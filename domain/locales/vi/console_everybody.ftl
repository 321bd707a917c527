everybody-title = Đăng xuất tất cả mọi người
everybody-text = Dùng khi bạn không biết phiên nào đã rơi vào tay kẻ khác: bản sao lưu bị lộ, máy của người quản lý bị mất cắp, hay lỗi ở phần nào đó thấy được cookie.
everybody-link = Đăng xuất tất cả
everybody-will-end = { $sessions ->
    [0] Ngoài phiên của bạn không còn phiên nào.
   *[other] { $sessions } phiên của { $people } người kết thúc ngay lập tức, trên mọi máy chủ.
}
everybody-will-begin = Ai đang đăng nhập dở phải làm lại từ đầu, và trình duyệt nào cũng sẽ được hỏi lại bước thứ hai.
everybody-will-tell = Không ai nhận email. Mọi người đăng nhập lại khi mở trang tiếp theo.
everybody-spared = Phiên của những người có vai trò vẫn được giữ. Chỉ quản trị viên mới kết thúc được các phiên đó ở đây.
everybody-keep = Giữ tôi đăng nhập ở đây
everybody-keep-hint = Các phiên khác của bạn cũng kết thúc.
everybody-name = Gõ { $name } để tiếp tục
everybody-button = Đăng xuất tất cả mọi người
everybody-cancel = Quay lại, không thay đổi gì
everybody-done = { $count ->
    [0] Không có phiên nào để kết thúc.
   *[other] Đã xong. { $count } phiên đã kết thúc.
}
