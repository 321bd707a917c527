# /admin/health

health-title = Tình trạng
health-well = Mọi thứ đều ổn.
health-look = Mọi người vẫn vào được; có { $count } điều nên xem qua.
health-mend = Có { $count } điều cần sửa.
health-looked-at = Xem lúc:
health-again = Xem lại
health-findings = Những gì đã xem
health-servers = Các máy chủ đang chạy
health-no-servers = Không máy chủ nào báo còn hoạt động trong phút vừa qua.
health-mixed = Các máy chủ không cùng phiên bản. Khi đang cập nhật thì không sao; xong rồi thì nên giống nhau.
health-server = Nghe tại
health-process = Tiến trình
health-version = Phiên bản
health-seen = Lần cuối báo còn hoạt động
health-database = Cơ sở dữ liệu và phiên bản
health-kind = Cơ sở dữ liệu
health-migrations = Lần nâng cấp bảng
health-migrations-text = đã áp dụng { $applied }; mới nhất mà máy chủ này biết là { $newest }
health-backup = Bản sao lưu gần nhất
health-no-backup = máy chủ này chưa biết bản nào
health-backup-text = Chỉ biết những bản làm bằng "latchstring backup". Bản sao do chính cơ sở dữ liệu làm thì không thấy ở đây.
health-this-version = Máy chủ này
