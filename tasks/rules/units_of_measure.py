"""The word after a number that says what is counted or measured."""

import re
from dataclasses import dataclass

from tasks.rules.names import SMALL


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit that ends at `end` of the text; `counted` for things, not for %, money or metres.

    `noun` is the place of the thing behind words of scale ("triệu lượt khách").
    """

    text: str
    noun: int
    end: int
    counted: bool


_SCALE = r"(?:(?:chục|trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)\s+)*"
_PER = r"(?:\s?/\s?(?:%|[^\W\d_]+(?:\s(?:dân|học|lao động|vụ|canh tác))?)){0,3}"
_MEASURES = re.compile(
    rf"\s*(?P<unit>%{_PER}|‰|(?:điểm )?phần trăm\b|điểm %|"
    rf"{_SCALE}(?:đồng|đ|vnđ|vnd|usd|đô la(?: mỹ)?|eur|euro|yên)\b{_PER}"
    r"|(?:nghìn|ngàn|triệu|tỷ|tỉ)(?:\s+(?:tỷ|tỉ))?(?=/|\s*(?:[.,;)]|$))"
    rf"{_PER}|{_SCALE}(?:m2|m²|m3|m³|km2|km²|km|cm|mm|ha|héc ?ta|hecta|kg|tấn|tạ|yến|lít|kwh|mwh"
    rf"|kw|mw|gb|tb|mbps|gbps|m)\b{_PER})",
    re.IGNORECASE,
)
# Longest first where one begins another.
_THINGS = (
    "hợp tác xã|tổ hợp tác|câu lạc bộ|nhà tư vấn|nhà khoa học|nhà đầu tư|nhà máy|nhà văn hóa"
    "|nhà vệ sinh|nhà ở xã hội|lượt người|lượt khách|lượt hộ|lượt học viên|lượt cán bộ|lượt"
    "|ngày làm việc|ngày công|người lao động|người dân|người khuyết tật|người nghèo|người"
    "|hộ gia đình|hộ kinh doanh|hộ nghèo|hộ dân|hộ|tổ dân phố|tổ công nghệ số cộng đồng|tổ chức"
    "|tổ|khu công nghiệp|khu dân cư|khu phố|khu|cụm công nghiệp|cụm|thị trấn|thị xã|thành phố"
    "|thành viên|thôn|bản|ấp|xã|phường|huyện|quận|tỉnh|dự án|doanh nghiệp|doanh nhân|cán bộ"
    "|công chức|viên chức|công nhân|đảng viên|đoàn viên|hội viên|học sinh|học viên|sinh viên"
    "|giáo viên|giảng viên|báo cáo viên|tuyên truyền viên|tình nguyện viên|nghệ nhân|chuyên gia"
    "|bác sĩ|bác sỹ|điều dưỡng|bệnh nhân|bệnh viện|giường bệnh|trạm|lao động|việc làm|thanh niên"
    "|phụ nữ|nông dân|trẻ em|trẻ|cháu|em|sản phẩm|bài giảng|bài viết|bài báo|bài|tin bài|tin"
    "|phóng sự|chuyên mục|chuyên trang|chuyên đề|video|clip|mô hình|công trình|đề tài|nhiệm vụ"
    "|sáng kiến|giải pháp|ý tưởng|sáng chế|giải thưởng|giải|tiêu chí|chỉ tiêu|thủ tục hành chính"
    "|thủ tục|dịch vụ công|dịch vụ|văn bản|hồ sơ|báo cáo|hội nghị|hội thảo|hội thi|hội chợ|hội"
    "|cuộc thi|cuộc|lớp tập huấn|lớp|khóa|khoá|buổi|đợt|lần|phiên|sự kiện|chương trình|hoạt động"
    "|đề án|kế hoạch|đơn vị|cơ quan|địa phương|cơ sở|trường học|trường|phòng học|phòng|lượt|ca"
    "|trường hợp|vụ|điểm|vùng|chuỗi|trang trại|vườn|cây xanh|cây|con|căn nhà|căn hộ|căn|ngôi nhà"
    "|nhà|cầu|tuyến đường|tuyến|chợ|bãi|lò|máy|xe|tàu|thuyền|thiết bị|bộ|chiếc|cái|phần mềm"
    "|hệ thống|nền tảng|ứng dụng|tài khoản|mã số|giấy chứng nhận|giấy phép|chứng chỉ|bằng|đơn"
    "|quyển|cuốn|ấn phẩm|tài liệu|đầu sách|tủ sách|thư viện|di tích|lễ hội|làng nghề|quỹ"
    "|hợp đồng|gian hàng|suất|phần quà|vị trí|biên chế|đội|nhóm|ban|chi bộ|tổ chức đảng|đảng bộ"
    "|hạng mục|khoản|loại|giống|nhãn hiệu|thương hiệu|bác|ngôi|phiếu|ý kiến|kiến nghị|đơn thư"
    "|cuộc họp|đoàn|lỗi|giờ|phút|ngày|tuần|tháng|năm|quý|sao|bậc|tuổi"
)
_COUNTED = re.compile(
    rf"\s*(?P<unit>{_SCALE}(?P<noun>{_THINGS}))(?P<per>{_PER})(?![\w])", re.IGNORECASE
)
# "HTX", "TTHC": people count by abbreviations too.
_ABBREVIATED = re.compile(rf"\s+(?P<unit>{_SCALE}(?P<noun>(?![IVX]+\b)[A-ZĐ]{{2,5}}\b))")
_FUNCTION_WORD = (
    r"(?:của|và|cho|được|có|tại|trong|trên|với|theo|từ|đến|là|thì|mà|để|về|ở|các|những|này|trở|so"
    r"|đã|sẽ|đạt|hoặc|do|bằng|khi|như|cùng|gồm|lên|xuống|còn|mỗi|hằng|hàng|tham|mới)\b"
)
_OTHER = re.compile(
    rf"\s+(?P<unit>{_SCALE}(?P<noun>(?!{_FUNCTION_WORD})[{SMALL}]+(?:\s(?!{_FUNCTION_WORD})[{SMALL}]+)?))"
)
# What is counted so says how a text is built or how long a thing takes, not how much is wanted.
_NO_THINGS = re.compile(
    r"(?:trụ cột|nguyên tắc|quan điểm|nội dung|lĩnh vực|khâu|bước|mặt|yếu tố|cấp|phương diện"
    r"|giai đoạn|nguyên nhân|mục tiêu|chỉ tiêu|nhóm"
    r"|năm|tháng|tuần|ngày|giờ|phút|quý|tuổi|sao|lần thứ)\b"
)


def find_unit(text: str, place: int) -> Measure | None:
    """Return the unit that stands in *text* at *place*, after a number; None where none does.

    A thing that the list does not know is taken with one word or two.
    """
    measure = _MEASURES.match(text, place)
    if measure:
        end = measure.end("unit")
        return Measure(_plain(measure["unit"]), end, end, counted=False)
    known = _COUNTED.match(text, place)
    if known:
        words = _plain(known["unit"] + known["per"])
        return Measure(words, known.start("noun"), known.end("per"), counted=True)
    other = _ABBREVIATED.match(text, place) or _OTHER.match(text, place)
    if other is None:
        return None
    words = " ".join(other["unit"].split())
    return Measure(words, other.start("noun"), other.end("unit"), counted=True)


def is_structural(unit: str) -> bool:
    """Tell a unit that describes a text or a duration ("3 trụ cột", "5 năm")."""
    return bool(_NO_THINGS.match(unit))


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()
