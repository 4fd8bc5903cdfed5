"""A provision's reading in; does it order something?"""

import re

from pipeline.folding import fold
from pipeline.tasks.roles import DUTY, MUST, ORDERS, Reading
from pipeline.tasks.verbs import LEAD_IN, opens_with_verb

ENACTS = re.compile(
    r"(?:thong nhat )?(?:ban hanh|thong qua|xay dung) (?:kem theo )?(?:bo luat|luat|phap lenh|nghi quyet|nghi dinh"
    r"|quyet dinh|thong tu|chi thi|chuong trinh|ke hoach)"
)
EXECUTION = re.compile(
    r"(?:chiu trach nhiem|co trach nhiem)(?:,? (?:to chuc|huong dan|phoi hop))*(?: va)? (?:thi hanh|thuc hien)"
    r" (?:nghi quyet|quyet dinh|nghi dinh|thong tu|chi thi|quy che|ke hoach)[^,;.]{0,30} nay\W*$"
)
LISTS_THINGS = re.compile(
    r"(?<![^\W_])(?:truong hop|dieu kien|doi tuong|ho so|tai lieu|giay to|thanh phan|hinh thuc|thong tin|quyen|gom"
    r"|bao gom|thanh vien|nguon|muc)(?:(?! (?:nhiem|noi|cong|viec|giai|thuc)) [^\W\d_]+){0,5}"
    r"(?: sau| sau day| duoi day)?\s?[:;]$"
)
"""A stem over a list of things, not of what is to be done."""
_STATES = re.compile(
    r"(?:duoc|bi|la|gom|bao gom|khong duoc|co quyen|co the|thong nhat danh gia|danh gia cao|ghi nhan|co hieu luc"
    r"|quy dinh"
    r"|hoat dong theo|lam viec theo|xem xet, quyet dinh|quyet dinh(?! so)|co (?:toi|it|chuc nang|con dau|tru so)"
    r"|da)(?![^\W_])|(?:xin )?thong bao (?:de|den|toi) .{0,80}(?:biet|thuc hien)"
)
_DUTY = re.compile(rf"(?:{DUTY}|phoi hop|chi dao|dau moi|trien khai|la dau moi|co nhiem vu|chi tra)(?![^\W_])")
_MUST = re.compile(
    rf"(?<![^\W_])(?:(?:co trach nhiem|chiu trach nhiem|chu tri|chu dong|{MUST}|phai(?! sinh| la))(?= )"
    r"|(?:sap xep|to chuc lai|sap nhap|hop nhat|giai the|kien toan) theo huong)"
)
_NOUNS = re.compile(
    r"(?:cac|nhung|moi|mot so|viec|cong tac|nguon|kinh phi|truong hop|ca nhan|nguoi|muc|ty le|so luong|danh muc|ho so"
    r"|noi dung|thoi (?:gian|han|diem|ky)|doi tuong|muc tieu|tieu chi|tieu chuan|dieu kien|ket qua|thanh phan"
    r"|phuong tien|van ban|dia diem|hinh thuc|trinh tu|thu tuc|co quan|don vi|doanh nghiep|dien tich|von|ngan sach"
    r"|he thong|chi tieu"
    r"|tong (?:so|muc|dien tich)|nhiem ky|quy mo|pham vi|nghi quyet|quyet dinh (?:nay|so)|nghi dinh|thong tu|luat"
    r"|ke hoach nay|chuong trinh nay|de an nay|phu luc|bieu|mau|trong do|vi du|nhu|tu|den|ve|doi voi|ngoai ra|\d+"
    r"|[ivx]+\b|truong ban|pho truong ban|uy vien|thanh vien|chu tich|pho chu tich|bo truong|thu truong|ong|ba"
    r"|dong chi"
    r"|khong (?:co|qua)|chua|da|dang|se|vung|khu|tuyen|du an|chuong trinh|de an|giang vien|phuong phap|kha nang|tu duy"
    r"|hoat dong|van hanh|ten|nhan thuc|nang luc|ky nang|kien thuc|chung nhan|bo tieu chi|linh vuc)(?![^\W_])"
)
_LEAD_IN_REACH = 320
_FEWEST_WORDS = 3


def is_task(
    reading: Reading, *, led: bool, inherited: bool, assigning: bool | None, normative: bool, parent: bool
) -> bool:
    """Does the provision order something?

    `led`: somebody is named to act, here or above; `inherited`: above, by a stem; `assigning`: the section is one of
    tasks, or of none (False); `normative`: the document makes rules, where an order needs somebody; `parent`: other
    provisions stand under it.
    """
    provision, words = reading.provision, reading.words
    own = bool(reading.lead)
    titled = provision.heading is not None and (parent or provision.kind == "doan")
    if len(re.findall(r"[^\W\d_]{2,}", words)) < _FEWEST_WORDS - reading.addressed or titled:
        return False
    if provision.kind == "dieu" and not own:
        return False
    leads_in = provision.text.rstrip().endswith(":") and not LISTS_THINGS.search(reading.plain)
    if provision.kind == "doan" and (leads_in or ENACTS.match(words)):
        return False
    if (normative and not led) or EXECUTION.search(words) or _STATES.match(words):
        return False
    if own and ORDERS.match(reading.plain) and not reading.plain.startswith("doi voi"):
        return True
    if provision.kind == "doan" and not (own or assigning or inherited):
        return _is_impersonal(reading)
    if opens_with_verb(reading.spoken) or _DUTY.match(words) or _opens_after_lead_in(reading.spoken):
        return True
    if (inherited or (own and assigning)) and not _NOUNS.match(words):
        return True
    return bool(not normative and (own or assigning or inherited) and _MUST.search(reading.plain)) or _is_impersonal(
        reading
    )


def _opens_after_lead_in(words: str) -> bool:
    """'Căn cứ nhiệm vụ được giao, xây dựng kế hoạch ...'; 'Vùng trồng: rà soát quỹ đất ...'."""
    signs = r"[,:](?=\s)" if LEAD_IN.match(fold(words[:20])) else r":(?=\s)"
    return any(opens_with_verb(part.lstrip()) for part in re.split(signs, words[:_LEAD_IN_REACH])[1:])


def _is_impersonal(reading: Reading) -> bool:
    """'Việc bàn giao phải hoàn thành trước ...': a duty stated in the first clause of what is to be done."""
    clause = re.split(r"[;:.]", reading.plain, maxsplit=1)[0][:160]
    return clause.startswith(("cong tac ", "viec ")) and bool(_MUST.search(clause))
