"""Facts about document numbers in, examples of them out: 'Nghị quyết số 12-NQ/TW ngày 3 tháng 5 năm 2021'.

Types after Decree 30/2020/NĐ-CP, Appendix III, and those of laws and of the Party; bodies as they sign.
"""

import random
from collections.abc import Iterator

TYPES = {
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận",
    "GUQ": "Giấy ủy quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "KL": "Kết luận",
    "QĐi": "Quy định",
    "CV": "Công văn",
    "VBHN": "Văn bản hợp nhất",
    "PL": "Pháp lệnh",
    "L": "Lệnh",
}
# fmt: off
STATE = (
    "CP", "TTg", "CTN", "VPCP", "UBND", "HĐND", "VPQH", "VPCTN", "BCA", "BQP",
    "BNG", "BNV", "BTP", "BTC", "BCT", "BGTVT", "BXD", "BTNMT", "BNNMT", "BNNPTNT",
    "BTTTT", "BKHCN", "BVHTTDL", "BVHTT", "BGDĐT", "BYT", "BLĐTBXH", "BKHĐT", "NHNN", "TTCP",
    "UBDT", "BDTTG", "BHXH", "TCT", "TCHQ", "KTNN", "TANDTC", "VKSNDTC", "STC", "SXD",
    "SNV", "STP", "SYT", "SCT", "SGDĐT", "SNNMT", "STNMT", "SNNPTNT", "SGTVT", "SKHĐT",
    "SLĐTBXH", "SVHTTDL", "SVHTT", "STTTT", "SKHCN", "VP", "UBBC", "BCĐ", "BCĐQG", "BCH",
    "HĐQT", "HĐTV", "MTTW", "LĐTM", "TLĐ", "HCCB",
)
PARTY = (
    "TW", "TU", "HU", "ĐU", "ĐUK", "BCĐ", "BCĐTW", "BTGTW", "BTCTW", "BDVTW",
    "BNCTW", "UBKTTW", "VPTW", "QUTW", "ĐUCA", "ĐUCP", "BCSĐ", "BCSĐCP", "UBTVQH", "MTTQ",
    "ĐTN",
)
# fmt: on
ASSEMBLIES = ("QH", "UBTVQH", "HĐBC", "HĐNN")
EACH = 4
"""Examples of each type and body; state bodies write 12/QĐ-BTC or 12/2021/QĐ-BTC, the Party 12-QĐ/TW."""


def examples() -> Iterator[str]:
    """The same ones each time."""
    chance = random.Random(30)
    for _ in range(EACH):
        for code, name in TYPES.items():
            for body in STATE:
                year = f"{chance.randint(1990, 2029)}/" if code in ("NĐ", "TT", "TTLT", "QĐ", "NQ") else ""
                yield f"{name} số {_number(chance)}/{year}{code}-{body} {_date(chance)}"
            for body in PARTY:
                yield f"{name} số {_number(chance)}-{code}/{body} {_date(chance)}"
        for body in ASSEMBLIES:
            for term in range(7, 20):
                yield f"Luật số {_number(chance)}/{chance.randint(1990, 2029)}/{body}{term} {_date(chance)}"
                yield f"Nghị quyết số {_number(chance)}/{chance.randint(1990, 2029)}/{body}{term} {_date(chance)}"


def _number(chance: random.Random) -> str:
    return f"{chance.choice((chance.randint(1, 99), chance.randint(1, 2500))):02d}"


def _date(chance: random.Random) -> str:
    return f"ngày {chance.randint(1, 28):02d} tháng {chance.randint(1, 12)} năm {chance.randint(1990, 2029)}"
