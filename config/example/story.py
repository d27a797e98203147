"""What happened to the main plan in its first ten weeks, told in the order of its items.

Every state that a visitor should meet is here at least once; `tests/config` holds the list.
"""

from __future__ import annotations

from config.example.registry import CODE_PREFIX
from config.example.stage import Story
from tasks.models import DeadlineKind, Participation, Role

# These have not answered, or answered with a refusal; `_refusals` tells of the latter.
SILENT = {("3.b", "nuivoi"), ("4.a", "nongdan"), ("1.c", "golua"), ("4.c", "doanhnhantre")}
REFUSING = {("3.b", "congao"), ("3.b", "tramxanh"), ("4.c", "hiephoi")}


def tell(story: Story) -> None:
    """Add everything that happened to the main plan, reports aside."""
    _acknowledgements(story)
    _refusals(story)
    _outreach(story)
    _catalogue_and_land(story)
    _health_and_records(story)
    _infrastructure(story)
    _support_points(story)
    _oversight(story)
    _schools_and_business(story)
    _supervision(story)


def _acknowledgements(story: Story) -> None:
    """Most units answer within the five working days, leads a little sooner."""
    parts = Participation.objects.filter(item__plan=story.plan).select_related("item", "unit")
    for number, part in enumerate(parts.order_by("pk")):
        item = part.item.code.removeprefix("II.")
        key = part.unit.code.removeprefix(CODE_PREFIX)
        leads = part.role == Role.LEAD
        if (item, key) in SILENT or (leads and (item, key) in REFUSING):
            continue
        day = story.days.after(story.days.issued, number % 3 + (1 if leads else 2))
        story.acknowledge(day, item, key, Role(part.role))


def _refusals(story: Story) -> None:
    days, issued = story.days, story.days.issued
    story.decline(
        days.after(issued, 3),
        "4.c",
        "hiephoi",
        "Hiệp hội là tổ chức tự nguyện, không có bộ máy và kinh phí để chủ trì; xin được phối hợp.",
    )
    story.reassign(
        days.after(issued, 4),
        "4.c",
        "hiephoi",
        "congthuong",
        "Chuyển Sở Công Thương chủ trì theo chức năng quản lý nhà nước về thương mại.",
    )
    story.acknowledge(days.after(issued, 5), "4.c", "congthuong")
    story.decline(
        days.after(issued, 3),
        "3.b",
        "congao",
        "Trụ sở phường đang sửa chữa, chưa có phòng để đặt điểm hỗ trợ.",
    )
    story.insist(
        days.after(issued, 4),
        "3.b",
        "congao",
        "Đề nghị phường bố trí tạm tại nhà văn hóa khu phố; Sở sẽ cho mượn máy quét.",
    )
    story.acknowledge(days.after(issued, 6), "3.b", "congao")
    story.decline(days.after(issued, 3), "3.b", "tramxanh", "Xã chưa có người trực điểm hỗ trợ.")
    story.insist(
        days.after(issued, 5),
        "3.b",
        "tramxanh",
        "Xã phân công công chức trực luân phiên; Sở sẽ tập huấn tại chỗ.",
    )
    story.decline(
        days.ago(4),
        "3.b",
        "tramxanh",
        "Hai thôn của xã chưa có mạng cáp quang, đề nghị giao doanh nghiệp viễn thông làm trước.",
    )


def _outreach(story: Story) -> None:
    ago = story.days.ago
    story.progress(
        ago(50), "1.a", "baodai", 20, "Đã phát sóng hai số đầu; nhận 46 câu hỏi qua đường dây nóng."
    )
    story.progress(
        ago(24),
        "1.a",
        "baodai",
        45,
        "Năm số đã phát; câu hỏi nhiều nhất là về cấp đổi giấy phép lái xe.",
        "danh-muc-cau-hoi.txt",
    )
    story.progress(ago(7), "1.a", "baodai", 60, "Bảy số đã phát; mở thêm mục trả lời trên báo in.")
    story.progress(ago(45), "1.b", "noivu", 50, "Đã tập huấn 118 trong số 236 công chức một cửa.")
    story.claim(
        ago(28),
        "1.b",
        "noivu",
        "Đã tập huấn đủ 236 công chức trong sáu lớp; 229 người đạt yêu cầu bài kiểm tra cuối khóa.",
        "danh-sach-hoc-vien.docx",
        "ket-qua-kiem-tra.txt",
    )
    story.accept(ago(26), "1.b", "noivu", "Hồ sơ đầy đủ, công nhận hoàn thành.")
    story.progress(ago(40), "1.c", "tinhdoan", 30, "Thành lập 62 đội tình nguyện, in 9.000 tờ rơi.")
    story.progress(
        ago(5),
        "1.c",
        "tinhdoan",
        80,
        "Đã đến 148 khu dân cư, hướng dẫn 5.210 hộ nộp thử hồ sơ.",
        "so-lieu-ra-quan.docx",
    )
    story.progress(ago(38), "1.c", "phunu", 25, "Tập huấn 70 chi hội trưởng làm nòng cốt.")
    story.obstacle(
        ago(6),
        "1.c",
        "phunu",
        "Nhiều hội viên lớn tuổi không có điện thoại thông minh; đề nghị cho phép làm hộ và hướng"
        " dẫn cách ghi nhận kết quả.",
    )
    story.progress(ago(6), "1.c", "phunu", 40, "Đã hướng dẫn 1.960 hội viên ở bốn phường, xã.")
    story.progress(ago(44), "1.d", "vhttdl", 15, "Đã có đề cương tờ gấp, đang chọn người dịch.")


def _catalogue_and_land(story: Story) -> None:
    ago = story.days.ago
    story.progress(ago(48), "2.a", "vanphong", 20, "Đã rà soát 310 trong số 1.540 thủ tục.")
    story.obstacle(
        ago(40),
        "2.a",
        "vanphong",
        "Ba sở chưa gửi danh mục giấy tờ đã có trong cơ sở dữ liệu, chưa đủ căn cứ đề xuất cắt bỏ.",
    )
    story.answer(
        ago(37),
        "2.a",
        "vanphong",
        "Sở Khoa học và Công nghệ đã làm việc với ba sở; dữ liệu được gửi trong tuần này.",
    )
    story.progress(
        ago(18), "2.a", "vanphong", 55, "Đã rà soát 870 thủ tục, dự thảo tờ trình lần 1."
    )
    story.progress(
        ago(42), "2.b", "nnmt", 35, "Đã vẽ xong quy trình hiện tại và chỉ ra 11 bước thừa."
    )
    story.ask_time(
        ago(20),
        "2.b",
        "nnmt",
        story.days.ahead(16),
        "Phải chờ cơ quan thuế thống nhất mẫu phiếu chuyển thông tin dùng chung.",
    )
    story.grant_time(ago(17), "2.b", "nnmt", "Đồng ý gia hạn một lần, không gia hạn thêm.")
    story.progress(
        ago(8), "2.b", "nnmt", 60, "Mẫu phiếu chung đã thống nhất, đang chạy thử tại hai phường."
    )


def _health_and_records(story: Story) -> None:
    ago, after = story.days.ago, story.days.after
    story.progress(
        ago(33), "2.c", "yte", 40, "Kết nối xong dữ liệu giấy chứng sinh của 5 bệnh viện."
    )
    story.progress(
        ago(10),
        "2.c",
        "yte",
        75,
        "Giấy chứng sinh và giấy báo tử đã liên thông; còn giấy khám sức khỏe lái xe.",
        "bien-ban-ket-noi.txt",
    )
    story.progress(ago(30), "2.d", "tuphap", 60, "Đã số hóa 94.000 trang sổ hộ tịch.")
    story.claim(
        ago(3),
        "2.d",
        "tuphap",
        "Hoàn thành số hóa 157.300 trang sổ hộ tịch, đã ký số và nghiệm thu nội bộ.",
        "bien-ban-nghiem-thu.docx",
    )
    story.progress(ago(27), "2.d", "xaydung", 50, "Đã quét 6.400 giấy phép xây dựng còn hiệu lực.")
    story.claim(
        ago(9),
        "2.d",
        "xaydung",
        "Đã số hóa toàn bộ 11.250 giấy phép xây dựng.",
        "thong-ke-so-hoa.txt",
    )
    story.give_back(
        ago(6), "2.d", "xaydung", "Còn 430 giấy phép chưa ký số; đề nghị ký bổ sung rồi báo lại."
    )
    story.progress(ago(3), "2.d", "xaydung", 90, "Đã ký số thêm 260 giấy phép.")
    story.progress(ago(46), "2.đ", "taichinh", 70, "Đã xong dự thảo nghị quyết về mức thu ưu đãi.")
    due = ago(35)
    story.claim(
        after(due, 3),
        "2.đ",
        "taichinh",
        "Mức thu ưu đãi đã được thông qua; 412 thủ tục có phí đã mở thanh toán trực tuyến.",
        "danh-muc-thu-tuc-co-phi.docx",
    )
    story.accept(after(due, 5), "2.đ", "taichinh", "Công nhận hoàn thành, chậm ba ngày làm việc.")


def _infrastructure(story: Story) -> None:
    ago = story.days.ago
    story.progress(ago(41), "3.a", "khcn", 20, "Đã ký hợp đồng nâng cấp, chốt yêu cầu giao diện.")
    story.progress(
        ago(11),
        "3.a",
        "khcn",
        45,
        "Tính năng nhắc hẹn qua tin nhắn đã chạy; tra cứu bằng giọng nói đang thử nghiệm.",
        "ke-hoach-kiem-thu.txt",
    )
    story.claim(
        ago(15),
        "3.c",
        "congan",
        "Đã quét 14 hệ thống, khắc phục xong 6 lỗ hổng mức cao.",
        "tong-hop-ket-qua-quet.docx",
    )
    story.give_back(
        ago(11),
        "3.c",
        "congan",
        "Báo cáo mới có kết quả quét, chưa có biên bản kiểm tra lại sau khi khắc phục.",
    )
    story.progress(ago(4), "3.c", "congan", 90, "Đã kiểm tra lại 11 hệ thống, còn 3 hệ thống.")


def _support_points(story: Story) -> None:
    ago = story.days.ago
    story.progress(ago(31), "3.b", "caumay", 60, "Đã lắp máy quét tại trụ sở phường.")
    story.claim(
        ago(8),
        "3.b",
        "caumay",
        "Hai điểm hỗ trợ đã mở cửa, có lịch trực treo tại cửa.",
        "lich-truc.txt",
    )
    story.accept(ago(5), "3.b", "caumay", "Đã kiểm tra thực tế, công nhận.")
    story.progress(
        ago(12), "3.b", "bensen", 70, "Điểm tại trụ sở đã chạy, điểm thứ hai chờ kéo điện."
    )
    story.progress(ago(15), "3.b", "suoilanh", 30, "Đã chọn được nhà văn hóa thôn Đồng Trên.")
    story.progress(
        ago(13), "3.b", "congao", 35, "Đặt tạm một bàn hỗ trợ tại nhà văn hóa khu phố 3."
    )
    story.progress(ago(19), "3.b", "golua", 20, "Đã lập dự toán mua máy quét, chờ thẩm định.")


def _oversight(story: Story) -> None:
    ago = story.days.ago
    story.progress(
        ago(21), "4.a", "mttq", 50, "Đã phỏng vấn 640 người ở bốn xã, phường.", "mau-phieu.docx"
    )
    story.ask_time(
        ago(2),
        "4.a",
        "mttq",
        story.days.ahead(30),
        "Ba xã vùng cao vào mùa thu hoạch, chưa gặp đủ số hộ theo mẫu khảo sát.",
    )


def _schools_and_business(story: Story) -> None:
    ago = story.days.ago
    story.progress(
        ago(25), "4.b", "gddt", 60, "74 trường đã đưa nội dung vào hoạt động ngoại khóa."
    )
    story.ask_time(
        ago(13), "4.b", "gddt", story.days.ahead(25), "Các trường đang tập trung thi giữa kỳ."
    )
    story.refuse_time(
        ago(10),
        "4.b",
        "gddt",
        "Nội dung ngoại khóa không phụ thuộc lịch thi; đề nghị giữ đúng thời hạn đã giao.",
    )
    story.progress(ago(5), "4.b", "gddt", 80, "101 trong số 126 trường đã thực hiện.")
    story.claim(
        ago(7),
        "4.b",
        "daihoc",
        "Đội tình nguyện 85 sinh viên đã trực tại ba điểm tiếp dân.",
        "quyet-dinh-thanh-lap-doi.docx",
    )
    story.accept(ago(4), "4.b", "daihoc", "Công nhận hoàn thành.")
    story.progress(ago(9), "4.b", "cdktcn", 50, "Đã tuyển 40 sinh viên, bắt đầu tập huấn.")
    story.progress(ago(20), "4.b", "cdyte", 10, "Đã có kế hoạch của trường.")
    story.progress(
        ago(22), "4.c", "congthuong", 30, "Đã mở hai lớp cho 96 hộ kinh doanh về hóa đơn điện tử."
    )


def _supervision(story: Story) -> None:
    days = story.days
    story.take_notice(
        days.after(days.issued, 12), "4.c", "doanhnhantre", DeadlineKind.ACKNOWLEDGEMENT
    )
    story.suspend(
        days.ago(30), "1.d", "Tạm dừng để chờ bố trí nguồn vốn chương trình mục tiêu quốc gia."
    )
    story.follow_up(
        days.ago(9),
        "2.a",
        "vanphong",
        "Danh mục đã quá hạn, ảnh hưởng các nhiệm vụ sau; đề nghị gửi tờ trình trong tuần.",
        from_top=False,
    )
    story.take_notice(days.ago(8), "2.a", "vanphong", DeadlineKind.ITEM)
    story.follow_up(
        days.ago(3),
        "2.a",
        "vanphong",
        "Yêu cầu Văn phòng báo cáo trực tiếp nguyên nhân chậm và ngày hoàn thành.",
        from_top=True,
    )
