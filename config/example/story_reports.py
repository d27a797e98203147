"""The units' own reports on the main plan: begun, before the leader, handed in, sent back, taken.

Whoever has finished everything may report early, so these come however far the date still is.
"""

from __future__ import annotations

from config.example.stage import Story
from tasks.models import SectionKind


def tell_reports(story: Story) -> None:
    _finished_units(story)
    _returned(story)
    _in_the_making(story)


def _finished_units(story: Story) -> None:
    ago = story.days.ago
    story.write(
        ago(20),
        "noivu",
        {
            SectionKind.RESULTS: (
                "Tập huấn 236 công chức một cửa trong sáu lớp, vượt tiến độ ba ngày. 97% đạt yêu"
                " cầu. Tài liệu đã đưa lên mạng để công chức mới tự học."
            ),
            SectionKind.DIFFICULTIES: (
                "Một số xã chỉ có một công chức trực một cửa nên phải bố trí học hai đợt."
            ),
            SectionKind.PROPOSALS: (
                "Đề nghị đưa nội dung này vào chương trình bồi dưỡng bắt buộc hằng năm."
            ),
            SectionKind.NEXT_STEPS: "Kiểm tra lại kỹ năng tại chỗ sau ba tháng.",
        },
    )
    story.present(ago(19), "noivu")
    story.submit(ago(18), "noivu")
    story.accept_report(ago(16), "noivu")
    story.write(
        ago(8),
        "taichinh",
        {
            SectionKind.RESULTS: (
                "Mở thanh toán trực tuyến cho 412 thủ tục; mức thu ưu đãi bằng nửa mức thu tại"
                " quầy."
            ),
            SectionKind.DIFFICULTIES: (
                "Hai ngân hàng chưa đối soát tự động, phải đối chiếu thủ công cuối ngày."
            ),
        },
    )
    story.present(ago(7), "taichinh")
    story.send_back(ago(6), "taichinh", "Bổ sung số thu thực tế và nguyên nhân chậm ba ngày.")
    story.write(
        ago(5),
        "taichinh",
        {
            SectionKind.RESULTS: (
                "Mở thanh toán trực tuyến cho 412 thủ tục; mức thu ưu đãi bằng nửa mức thu tại"
                " quầy. Đến nay có 18.640 giao dịch, tổng thu 2.305 triệu đồng."
            ),
            SectionKind.DIFFICULTIES: (
                "Chậm ba ngày do phải lấy lại ý kiến của hai cơ quan. Hai ngân hàng chưa đối soát"
                " tự động."
            ),
            SectionKind.NEXT_STEPS: "Hoàn thành đối soát tự động trong quý tới.",
        },
    )
    story.present(ago(5), "taichinh")
    story.submit(ago(3), "taichinh")


def _returned(story: Story) -> None:
    """Returned with comments at two sections, rewritten, and returned once more for a figure."""
    ago = story.days.ago
    results, difficulties = SectionKind.RESULTS, SectionKind.DIFFICULTIES
    first = "Thành lập đội tình nguyện 85 sinh viên, trực tại ba điểm tiếp dân."
    story.write(
        ago(12),
        "daihoc",
        {results: first, difficulties: "Sinh viên bận thi nên có tuần thiếu người."},
    )
    story.present(ago(11), "daihoc")
    story.submit(ago(10), "daihoc")
    story.comment(ago(9), "daihoc", results, "Đề nghị nêu số lượt người dân được hỗ trợ.")
    story.comment(ago(9), "daihoc", difficulties, "Thiếu người bao nhiêu tuần, đã khắc phục chưa?")
    story.return_report(ago(9), "daihoc", "")
    story.write(
        ago(6),
        "daihoc",
        {
            results: f"{first} Đã hướng dẫn 1.240 lượt người dân nộp hồ sơ.",
            difficulties: "Hai tuần thi học kỳ thiếu người; đã bố trí đội dự bị 20 sinh viên.",
        },
    )
    story.settle(ago(6), "daihoc", "Đã bổ sung.")
    story.present(ago(5), "daihoc")
    story.submit(ago(4), "daihoc")
    story.comment(
        ago(1), "daihoc", results, "Tách số lượt theo từng điểm để đưa vào phụ lục tổng hợp."
    )
    story.return_report(ago(1), "daihoc", "Chỉ còn thiếu số liệu theo từng điểm tiếp dân.")


def _in_the_making(story: Story) -> None:
    ago = story.days.ago
    story.write(
        ago(2),
        "yte",
        {
            SectionKind.RESULTS: (
                "Liên thông giấy chứng sinh, giấy báo tử tại 9 bệnh viện; 3.870 hồ sơ không phải"
                " nộp bản giấy."
            ),
            SectionKind.DIFFICULTIES: (
                "Giấy khám sức khỏe lái xe chậm hai ngày do phải nâng cấp phần mềm."
            ),
            SectionKind.PROPOSALS: "Đề nghị cấp bổ sung chữ ký số cho trạm y tế xã.",
        },
    )
    story.present(ago(1), "yte")
    story.write(
        ago(3),
        "nnmt",
        {
            SectionKind.RESULTS: (
                "Quy trình chung về đất đai, xây dựng, thuế đang chạy thử tại hai phường."
            ),
        },
    )
    story.write(
        ago(2),
        "khcn",
        {SectionKind.RESULTS: "Hệ thống đã có tính năng nhắc hẹn qua tin nhắn cho 100% hồ sơ."},
    )
    story.write(
        ago(2),
        "baodai",
        {SectionKind.RESULTS: "Đã phát bảy số chuyên mục, trả lời 212 câu hỏi của người dân."},
    )
