# /confirm: mật khẩu hoặc bước thứ hai một lần nữa, trước một thay đổi quan trọng

confirm-title = Có phải bạn không?
confirm-text = Việc tiếp theo là việc quan trọng, nên hãy cho thấy lần nữa rằng đúng là bạn. Sau đó, trong { $life } sẽ không hỏi lại.
confirm-button = Tiếp tục
confirm-cancel = Thôi
confirm-saying = Ai đấy?
confirm-saying-note = Trước khi mở rương, nhà hỏi lại một lần.
