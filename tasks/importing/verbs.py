"""The verbs with which official documents give work: what ends a list of units in prose.

No sign stands between "Sở A, Sở B" and "tổ chức …": only the verb tells where the names end.
"""

import re

# Longest first where one begins another; all in lower case, as within a sentence.
VERBS = (
    "chịu trách nhiệm|có trách nhiệm|có nhiệm vụ|có kế hoạch|có giải pháp|có văn bản"
    "|có biện pháp|chủ trì|chủ động|phối hợp|tham gia|tham mưu|tham khảo|triển khai|thực hiện"
    "|tổ chức|tổng hợp|tổng kết|sơ kết|xây dựng|ban hành|hoàn thành|hoàn thiện|hoàn chỉnh"
    "|hướng dẫn|đôn đốc|đề xuất|đề ra|đề nghị|chỉ đạo|lãnh đạo|theo dõi|kiểm tra|thanh tra"
    "|giám sát|thẩm định|thẩm tra|rà soát|cập nhật|cung cấp|công bố|công khai|đăng tải"
    "|đăng ký|đưa|đẩy mạnh|đẩy nhanh|tăng cường|tăng|tiếp tục|tiếp nhận|tiếp thu|tuyên truyền"
    "|vận động|phổ biến|quán triệt|quản lý|bố trí|bảo đảm|đảm bảo|bồi dưỡng|đào tạo|tập huấn"
    "|đầu tư|hỗ trợ|huy động|khai thác|khảo sát|khẩn trương|khuyến khích|kết nối|kịp thời|lập"
    "|lựa chọn|lồng ghép|mở|nâng cao|nâng cấp|nghiên cứu|phát động|phát huy|phát triển"
    "|phân bổ|phân công|phân loại|phê duyệt|phòng ngừa|quy định|cụ thể hóa|soạn thảo|sửa đổi"
    "|sử dụng|tập trung|thành lập|thống nhất|thống kê|thông báo|thông tin|thu hút|thúc đẩy"
    "|thường xuyên|thường trực|tạo điều kiện|trình|trực tiếp|ứng dụng|ưu tiên|xác định"
    "|xem xét|xử lý|điều chỉnh|điều phối|điều tra|định kỳ|giao|giới thiệu|giải quyết|gửi"
    "|báo cáo|phản ánh|biểu dương"
    "|căn cứ|cân đối|cấp(?! (?:tỉnh|huyện|xã|trên|dưới|ủy|uỷ|trung ương))"
    "|chấn chỉnh|chấp hành|chuẩn bị|chuyển|củng cố|cử"
    "|duy trì|đánh giá|đổi mới|mời|nhân rộng|rút kinh nghiệm|tận dụng|theo chức năng"
    "|thể chế hóa|tích cực|tự|vận hành|nghiêm túc|làm đầu mối|làm việc|lấy ý kiến|nộp|phải"
    "|cần|được giao|để|nhằm|trong việc"
)
# "Ban quản lý", "Trung tâm hỗ trợ", "các tổ chức": there the word belongs to a name.
_IN_NAME = (
    r"(?<!\b[Cc]hủ)(?<!\b[Bb]an)(?<!\b[Cc]ác)(?<!\btâm)(?<!\b[Tt]ổ)(?<!\b[Qq]uỹ)(?<!\b[Pp]hòng)"
    r"(?<!\b[Đđ]ội)(?<!\b[Vv]iện)"
)
VERB_AFTER_UNITS = re.compile(rf"{_IN_NAME}(?:,|\s[-–])?\s+(?:{VERBS})\b")
