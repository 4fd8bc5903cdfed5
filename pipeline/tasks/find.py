"""A structure in; findings out: which provisions order something, of whom, by when, with what result."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import islice

from rapidfuzz.distance import Levenshtein

from pipeline.document import AgencyMention, Deadline, Findings, Provision, Structure, Task
from pipeline.folding import fold
from pipeline.tasks.agencies import find_agencies
from pipeline.tasks.citations import find_citations
from pipeline.tasks.deadlines import find_deadlines
from pipeline.tasks.targets import find_targets

_UNITS = frozenset({"dieu", "khoan", "diem", "gach_dau_dong", "doan"})
_OUTSIDE = frozenset({"noi_nhan", "kinh_gui"})
_NORMATIVE = ("luat", "bo luat", "phap lenh", "nghi dinh", "thong tu", "hien phap")
_NOT_TASKS = (
    "muc dich", "muc tieu", "yeu cau", "quan diem", "chi tieu", "pham vi", "doi tuong", "giai thich", "nguyen tac",
    "hieu luc", "tam nhin", "boi canh", "danh gia tinh hinh", "thuc trang", "ket qua", "han che", "nguyen nhan",
    "can cu", "quyen han",
)  # fmt: skip
_ADOPTS = "thong qua "
_STEM_ENDS = (":", ";", ",")
_TASKS = ("nhiem vu", "giai phap", "to chuc thuc hien", "trach nhiem", "phan cong", "noi dung thuc hien", "cong tac")
_ORDERS = re.compile(r"(?:giao(?: cho)?|de nghi|yeu cau|doi voi|trach nhiem cua|nhiem vu(?:, quyen han)? cua) ")
_ORDER_INSIDE = re.compile(r"(?<![^\W_])(?:de nghi|yeu cau|giao(?: cho)?) ")
_ENACTS = re.compile(
    r"ban hanh (?:bo luat|luat|phap lenh|nghi quyet|nghi dinh|quyet dinh|thong tu|chi thi|chuong trinh|ke hoach)"
)
_MUST = r"can(?! (?:cu|thiet|bang)(?! the)(?![^\W_]))"
_DUTY = re.compile(
    rf"(?:co trach nhiem|chiu trach nhiem|chu tri|chu dong|phoi hop|{_MUST}|phai"
    r"|tiep tuc|khan truong|chi dao|dau moi)(?![^\W_])"
)
_SUBJECT_DUTY = re.compile(
    rf"(?: khac| co lien quan| lien quan)*,? (?:co trach nhiem|chiu trach nhiem|chu tri|chu dong|{_MUST}|phai"
    r"|khan truong|tap trung|tiep tuc|to chuc|nghiem tuc)(?![^\W_])"
)
_LEADS_IN = re.compile(r"(?:(?:sau|sau day|nhu sau|cu the|gom)\s?[:;.,]?|:)$")
_MOST_SUBJECTS = 30
_EXECUTION = re.compile(r"(?:chiu trach nhiem|co trach nhiem)(?: to chuc)? thi hanh [^,;.]{0,60}nay")
_LEAD_IN = re.compile(
    r"(?:can cu|tren co so|theo|de|trong|truoc|dinh ky|hang (?:nam|quy|thang)|den|giai doan|khi|sau khi) "
)
_LEAD_IN_REACH = 320
_COORDINATE = re.compile(
    r"(?:phoi hop(?: chat che| thuong xuyen)?(?: voi| cung)?|cung(?: voi)?|voi su (?:tham gia|phoi hop) cua) "
)
_HOST = re.compile(r"\bdo $")
_HOST_DUTY = re.compile(r"\s(?:lam (?:dau moi|co quan)|chu tri|dau moi)")
_JOINT = re.compile(r"[\s,;]*(?:va|cung|cung voi|cac|voi)?[\s,;]*(?:va )?(?:cac )?(?:bo\s?:\s?)?")
_ALSO_VERBS = ("quyet dinh", "quy hoach", "bao cao", "huong dan")
_RESULTS = (
    "(?:de an|nghi dinh|ke hoach|chuong trinh|quyet dinh|thong tu|chien luoc|quy hoach|du an|bao cao|nghi quyet"
    "|du thao|bo tieu chi|quy che|huong dan|co so du lieu)"
)
_VAGUE = ("ke hoach", "chuong trinh", "bao cao", "du an", "huong dan", "quyet dinh")
_DELIVERABLE = re.compile(
    r"(?:xay dung|ban hanh|trinh|lap|hoan thien|soan thao|bien soan|de xuat|phe duyet)"
    r"(?:(?: va|,)? ban hanh|,? trinh)?(?: [^\s,;.:]+){0,7}? "
    rf"(?P<it>(?P<noun>{_RESULTS}(?:(?:,| va) {_RESULTS})?)(?! (?:nay|so|va dau tu|- kien truc))(?![^\W_])"
    r"[^,;.:()]{0,160}(?![^\W_]))"
)


@cache
def _verbs() -> frozenset[str]:
    """Verbs of duty; those of one syllable with their accents ('giao' is not 'giáo'), longer ones without."""
    table = resources.files("pipeline.tasks") / "data" / "verbs.csv"
    verbs = table.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(verb if " " not in verb else fold(verb) for verb in verbs)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one provision says: who acts, with whom, and where the words about what is to be done begin."""

    provision: Provision
    plain: str
    lead: tuple[AgencyMention, ...]
    coordinating: tuple[AgencyMention, ...]
    action: int


def find(structure: Structure) -> Findings:
    """Tasks, targets and citations of the document."""
    return Findings(tuple(_tasks(structure)), tuple(find_targets(structure)), tuple(find_citations(structure)))


def _tasks(structure: Structure) -> Iterator[Task]:
    readings = {p.id: _read(p) for p in structure.provisions if p.kind in _UNITS or p.kind in ("muc", "phu_luc")}
    children: dict[str, list[str]] = {}
    for provision in structure.provisions:
        if provision.parent_id is not None:
            children.setdefault(provision.parent_id, []).append(provision.id)
    stems = _stems(readings)
    by_id = {provision.id: provision for provision in structure.provisions}
    sections = _sections(structure)
    issued = structure.metadata.issued_date
    day = date.fromisoformat(issued.value) if issued else None
    normative = _is_normative(structure)
    tasks: dict[str, Task] = {}
    busy: set[str] = set()
    for provision in reversed(structure.provisions):
        reading = readings.get(provision.id)
        if reading is None or not sections[provision.id] or provision.kind not in _UNITS:
            continue
        below = children.get(provision.id, [])
        if busy & set(below):
            busy.add(provision.id)
            if provision.text.endswith(_STEM_ENDS):
                continue
        lead, coordinating = reading.lead, reading.coordinating
        if not lead:
            lead, others = _inherited(provision, by_id, readings, stems)
            coordinating = coordinating or others
        if _is_task(reading, lead, normative, bool(below)):
            tasks[provision.id] = _task(reading, lead, coordinating, day)
            busy.add(provision.id)
    yield from (tasks[p.id] for p in structure.provisions if p.id in tasks)


def _is_normative(structure: Structure) -> bool:
    """Rules for everyone rather than orders to agencies: there a task needs an agency."""
    doc_type = structure.metadata.doc_type
    return doc_type is not None and fold(doc_type.value) in _NORMATIVE


def _sections(structure: Structure) -> dict[str, bool]:
    """For each provision: may tasks stand here? The nearest heading that says what its section is about decides."""
    allowed: dict[str, bool] = {}
    for provision in structure.provisions:
        above = allowed.get(provision.parent_id, True) if provision.parent_id else True
        if provision.kind in _OUTSIDE or fold(provision.text[:10]).startswith(_ADOPTS):
            above = False
        allowed[provision.id] = above and provision.kind not in _OUTSIDE
        title = fold((provision.heading or "")[:120])
        if title and provision.kind != "phu_luc":
            if any(word in title for word in _TASKS):
                allowed[provision.id] = True
            elif any(title.startswith(word) or f" {word}" in title[:60] for word in _NOT_TASKS):
                allowed[provision.id] = False
    return allowed


def _read(provision: Provision) -> _Reading:
    text = provision.text
    plain = fold(text)
    mentions = tuple(find_agencies(text, provision.span[0]))
    base = provision.span[0]
    coordinating = _coordinating(plain, mentions, base)
    partners = {mention.span for mention in coordinating}
    order = _ORDERS.match(plain)
    at = order.end() if order else 0
    lead, at = _chain(plain, mentions, base, at)
    if not lead:
        lead, at = _ordered_inside(plain, mentions, base)
    lead = tuple(m for m in lead if m.span not in partners) or _hosts(plain, mentions, base)
    if not lead:
        lead, at = _subject(plain, tuple(m for m in mentions if m.span not in partners), base)
    return _Reading(provision, plain, lead, coordinating, at)


def _chain(
    plain: str, mentions: tuple[AgencyMention, ...], base: int, at: int
) -> tuple[tuple[AgencyMention, ...], int]:
    """The agencies named one after another from `at`, and where the chain ends."""
    chain: list[AgencyMention] = []
    first = bisect_left(mentions, at + base, key=lambda mention: mention.span[0])
    for mention in islice(mentions, first, None):
        start, end = mention.span[0] - base, mention.span[1] - base
        joint = _JOINT.match(plain, at)
        if joint is None or joint.end() < start:
            break
        chain.append(mention)
        at = end
    return tuple(chain), at


def _ordered_inside(
    plain: str, mentions: tuple[AgencyMention, ...], base: int
) -> tuple[tuple[AgencyMention, ...], int]:
    """'..., Bộ Nội vụ đề nghị các cơ quan rà soát': those who are asked, and where what they are asked begins."""
    for match in _ORDER_INSIDE.finditer(plain):
        lead, at = _chain(plain, mentions, base, match.end())
        if lead:
            return lead, at
    return (), 0


def _coordinating(plain: str, mentions: tuple[AgencyMention, ...], base: int) -> tuple[AgencyMention, ...]:
    chains = (_chain(plain, mentions, base, match.end())[0] for match in _COORDINATE.finditer(plain))
    return tuple(dict.fromkeys(mention for chain in chains for mention in chain))


def _hosts(plain: str, mentions: tuple[AgencyMention, ...], base: int) -> tuple[AgencyMention, ...]:
    """'... do Bộ Y tế chủ trì'."""
    return tuple(
        mention
        for mention in mentions
        if _HOST.search(plain, max(0, mention.span[0] - base - 4), mention.span[0] - base)
        and _HOST_DUTY.match(plain, mention.span[1] - base)
    )


def _subject(plain: str, mentions: tuple[AgencyMention, ...], base: int) -> tuple[tuple[AgencyMention, ...], int]:
    """'Khi có mưa lớn, Bộ Y tế và các địa phương cần ...': the subject of a clause that states a duty."""
    for mention in mentions[:_MOST_SUBJECTS]:
        start = mention.span[0] - base
        if start and not plain[:start].endswith((", ", ": ", "; ", ". ")):
            continue
        chain, end = _chain(plain, mentions, base, start)
        if chain and _SUBJECT_DUTY.match(plain, end):
            return chain, end
    return (), 0


_Agencies = tuple[AgencyMention, ...]


def _stems(readings: dict[str, _Reading]) -> dict[str | None, list[_Reading]]:
    """Paragraphs that lead in to the units after them, by parent: '..., Bộ Y tế cần làm các việc sau đây:'."""
    stems: dict[str | None, list[_Reading]] = {}
    for reading in readings.values():
        if reading.provision.kind == "doan" and reading.lead and _LEADS_IN.search(reading.plain):
            stems.setdefault(reading.provision.parent_id, []).append(reading)
    return stems


def _inherited(
    provision: Provision,
    by_id: dict[str, Provision],
    readings: dict[str, _Reading],
    stems: dict[str | None, list[_Reading]],
) -> tuple[_Agencies, _Agencies]:
    """Who leads and helps after the nearest stem: 'Giao Bộ Y tế:', 'Đối với các bộ, ngành', '... cần làm như sau:'."""
    at = provision
    while True:
        before = [stem for stem in stems.get(at.parent_id, ()) if stem.provision.span < at.span]
        if before:
            return before[-1].lead, before[-1].coordinating
        if at.parent_id is None:
            return (), ()
        at = by_id[at.parent_id]
        reading = readings.get(at.id)
        if reading is not None and reading.lead:
            rest = reading.plain[reading.action :].strip(" :.,;")
            if (
                not rest
                or at.text.rstrip().endswith(_STEM_ENDS)
                or rest.startswith(("co trach nhiem", "chiu trach nhiem"))
            ):
                return reading.lead, reading.coordinating


def _is_task(reading: _Reading, lead: tuple[AgencyMention, ...], normative: bool, has_children: bool) -> bool:
    provision = reading.provision
    words = reading.plain[reading.action :].lstrip(" ,:")
    spoken = provision.text[reading.action :].lstrip(" ,:")
    if len(reading.plain.split()) < 4 or words == "" or (provision.heading is not None and has_children):
        return False
    if provision.kind in ("doan", "dieu") and not reading.lead:
        return False
    if provision.kind == "doan" and (provision.text.endswith(":") or _ENACTS.match(words)):
        return False
    if normative and not lead:
        return False
    if _EXECUTION.search(words) or (lead and not words.rstrip(" .;:")):
        return False
    if reading.lead and _ORDERS.match(reading.plain) and not reading.plain.startswith("doi voi"):
        return True
    if _opens_with_verb(spoken) or _opens_after_lead_in(spoken):
        return provision.kind != "doan" or bool(reading.lead)
    return bool(_DUTY.match(words)) or (provision.kind != "doan" and bool(_duty_of_subject(reading)))


def _opens_after_lead_in(words: str) -> bool:
    """'Căn cứ nhiệm vụ được giao, xây dựng kế hoạch ...'; 'Vùng trồng: rà soát quỹ đất ...'."""
    signs = r"[,:](?=\s)" if _LEAD_IN.match(fold(words[:20])) else r":(?=\s)"
    return any(_opens_with_verb(part) for part in re.split(signs, words[:_LEAD_IN_REACH])[1:])


def _opens_with_verb(words: str) -> bool:
    first = words[:60].lower().replace(",", "").split()[:3]
    if not first:
        return False
    phrases = [fold(" ".join(first[:count])) for count in (2, 3)]
    return first[0] in _verbs() or any(phrase in _verbs() or _is_damaged_verb(phrase) for phrase in phrases)


@cache
def _is_damaged_verb(phrase: str) -> bool:
    """'t chuc' for 'to chuc': one letter of a verb of several syllables is lost or misread."""
    return any(
        " " in verb and abs(len(verb) - len(phrase)) <= 1 and Levenshtein.distance(verb, phrase, score_cutoff=1) <= 1
        for verb in _verbs()
        if verb[-3:] == phrase[-3:]
    )


def _duty_of_subject(reading: _Reading) -> re.Match[str] | None:
    """'Công tác kiểm tra cần được ...': a duty stated in the first clause."""
    clause = re.split(r"[;:.]", reading.plain, maxsplit=1)[0][:160]
    if not reading.lead and not clause.startswith(("cong tac ", "viec ")):
        return None
    return re.search(
        rf" (?:co trach nhiem|chiu trach nhiem|chu tri|chu dong|{_MUST}|phai) ",
        clause,
    )


def _task(reading: _Reading, lead: _Agencies, coordinating: _Agencies, issued: date | None) -> Task:
    provision = reading.provision
    return Task(
        node_id=provision.id,
        text=provision.text,
        lead=lead,
        coordinating=coordinating,
        deadline=_deadline(provision, issued),
        deliverable=_deliverable(provision.text, reading.plain),
        origin="prose",
    )


def _deadline(provision: Provision, issued: date | None) -> Deadline | None:
    return next(find_deadlines(provision.text, provision.span[0], issued), None)


def _deliverable(text: str, plain: str) -> str | None:
    for match in _DELIVERABLE.finditer(plain):
        start, end = match.span("it")
        if " " not in plain[start:end].removeprefix(match["noun"]).strip() and match["noun"] in _VAGUE:
            continue
        if text[start].isupper() or not plain.startswith(_ALSO_VERBS, start):
            return text[start:end].strip()
    return None
