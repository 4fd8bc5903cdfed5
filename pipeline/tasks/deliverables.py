"""A provision's text in; the document that it orders to be drawn up, with its place, out."""

import re

from pipeline.document import Span

_NOUNS = (
    "đề án", "nghị định", "kế hoạch", "chương trình", "quyết định", "thông tư", "chiến lược", "quy hoạch",
    "dự án luật", "dự án bộ luật", "dự án pháp lệnh", "dự thảo", "báo cáo", "nghị quyết", "bộ tiêu chí", "bộ chỉ số",
    "bộ chỉ tiêu", "quy chế", "hướng dẫn", "quy định", "đề cương", "chỉ thị", "tờ trình", "phương án", "danh mục",
    "cẩm nang", "sổ tay", "quy trình", "quy chuẩn", "tài liệu", "văn bản quy phạm pháp luật",
    "văn bản quy định chi tiết", "văn bản hướng dẫn", "văn bản hợp nhất", "văn bản chỉ đạo", "thông tư liên tịch",
    "công văn", "kịch bản", "khung năng lực",
)  # fmt: skip
_NOUN = "|".join(sorted(_NOUNS, key=len, reverse=True))
_ALSO_VERBS = ("quyết định", "quy hoạch", "báo cáo", "hướng dẫn", "quy định")
_VAGUE = (
    "kế hoạch",
    "chương trình",
    "báo cáo",
    "hướng dẫn",
    "quyết định",
    "quy hoạch",
    "quy định",
    "tài liệu",
    "quy trình",
)
_DRAWN_UP = (
    r"(?<!cách thức )xây dựng|ban hành|(?<!quá )(?<!chương )(?<!công )(?<!lộ )(?<!quy )(?<!tiến )(?<!tờ )trình"
    r"|(?<!công )(?<!độc )(?<!thành )(?<!thiết )(?<!tạo )(?<!xác )(?<!trung )lập|soạn thảo|biên soạn|đề xuất"
    r"|phê duyệt|tham mưu"
)
_DELIVERABLE = re.compile(
    rf"\b(?:{_DRAWN_UP})(?P<gap>(?:(?: và|,)? (?:{_DRAWN_UP}|hoàn thiện|tổ chức(?: triển khai)?|triển khai|thực hiện))*"
    r"(?: (?!(?:tại|theo|của|trong|về|để|cho|với|từ|thực|hiện|sửa|bổ|thức|được) )[^\s,;.:]+){0,7}?) "
    rf"(?P<it>(?P<noun>(?:{_NOUN})(?:(?:,| và) (?:{_NOUN}))*)(?! (?:này|số|và đầu tư|- kiến trúc|của nhà nước))\b"
    r"[^,;.:()]{0,160}\b)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r" (?:để|nhằm|trình|báo cáo|trong (?:quý|tháng|năm)|trước (?:ngày|tháng|quý|năm)|bảo đảm|đảm bảo|làm cơ sở) "
)


def find_deliverable(text: str, offset: int) -> tuple[str, Span] | None:
    """The first named, and its span in the document. A verb ('quyết định') is none."""
    for match in _DELIVERABLE.finditer(text):
        start, end = match.span("it")
        cut = _ENDS.search(text, match.end("noun"), end)
        end = cut.start() if cut else end
        bare = not text[match.end("noun") : end].strip() and match["noun"].lower() in _VAGUE
        verb = (
            match["it"].lower().startswith(_ALSO_VERBS) and text[start].islower() and match["gap"] not in ("", " các")
        )
        if not bare and not verb:
            return text[start:end], (start + offset, end + offset)
    return None
