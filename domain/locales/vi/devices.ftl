# /account/sessions

devices-title = Thiết bị
devices-text = Nơi bạn đang đăng nhập. Hãy đăng xuất những gì bạn không nhận ra hoặc không còn dùng.
devices-this = Thiết bị này
devices-local-network = mạng nội bộ
devices-first-seen = Đăng nhập lúc
devices-last-seen = Dùng lần cuối
devices-until = Đăng xuất chậm nhất lúc
devices-stays = Giữ đăng nhập đến
devices-end = Đăng xuất
devices-end-label = Đăng xuất { $device }
devices-sign-out-label = Đăng xuất thiết bị này
devices-ended = Thiết bị đó đã đăng xuất.
devices-others-heading = Mọi nơi khác
devices-others-text = Nếu bạn mất một thiết bị, hoặc có thể người khác đã dùng nó, hãy đăng xuất mọi thiết bị trừ thiết bị này.
devices-others-button = Đăng xuất mọi thiết bị khác
devices-others-done = Mọi thiết bị khác đều đã đăng xuất.
devices-alone = Bạn không đăng nhập ở nơi nào khác.
