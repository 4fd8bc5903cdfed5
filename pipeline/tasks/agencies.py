"""A Doc in; the agencies it names out, each resolved against the gazetteer in `data/`."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein
from spacy.attrs import IDX
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from pipeline.document import AgencyMention, Span
from pipeline.folding import UPPER, fold
from pipeline.tasks.gazetteer import WORD, Agency, Gazetteer, chosen, committees, in_place, spelled
from pipeline.tasks.verbs import opens_with_verb

_CAPITALISED = rf"(?:Trung ương|[{UPPER}]\w*)"
_PROPER = re.compile(
    r"\b(?:[ỦU][ỷy] ban nhân(?: \w+)? (?:tỉnh|thành phố|quận|huyện|thị xã|xã|phường|đặc khu)"
    rf" [{UPPER}]\w*(?: [{UPPER}]\w*){{0,3}})"
    r"|\b(?:Ban|Tiểu ban|Tổ|Hội đồng) (?:[Cc]hỉ đạo|[Cc]hỉ huy|[Đđ]iều hành|[Đđ]iều phối|[Ss]oạn thảo|[Vv]ận động"
    r"|[Cc]ông tác|[Gg]iúp việc|[Tt]hẩm định|[Tt]ư vấn)(?: Trung ương| [Qq]uốc gia| liên ngành)?(?![^\W_])"
    r"|\b(?:Bộ|Ủy ban|Uỷ ban|Ban|Tổng cục|Cục|Vụ|Sở|Viện|Ngân hàng|Tổng công ty|Tập đoàn|Hội|Hiệp hội|Liên đoàn"
    r"|Văn phòng|Học viện|Trường Đại học|Quỹ|Trung tâm|Phòng|Trường|Bệnh viện|Nhà xuất bản|Thanh tra) "
    rf"{_CAPITALISED}(?:(?:,(?! (?:Vụ|Cục|Bộ|Sở|Ban|Văn phòng|Viện|Ủy|Uỷ|Hội|Trung tâm|Phòng)\b)| -| và)?"
    rf" {_CAPITALISED}| [a-zà-ỹ]+(?= (?:[{UPPER}]|và [{UPPER}]))){{0,8}}"
)
_SMALL_WORD = re.compile(
    r" (?!(?:thuộc|và|của|về|tại|theo|với|trong|để|cho|là|có|đã|do|khác|cùng|hoặc|được|phải|cần|sẽ|này|trên|đề|giao"
    r"|từ|chủ|phối)\b)"
    r"[a-zà-ỹđ]+\b"
)
_HOLDER = re.compile(rf"\bPhó Thủ tướng(?: Thường trực)?(?: Chính phủ)?(?: [{UPPER}]\w*){{0,4}}")
_OFFICE = re.compile(
    r"(?:(?:thu|pho chu|pho tong|pho) ?)?(?:bo truong|thu truong|chu tich|thong doc|tong thanh tra|tong giam doc"
    r"|giam doc|cuc truong|vu truong|chanh|chu nhiem|truong ban|tong kiem toan|vien truong|chanh an|truong) "
)
_LIST = re.compile(rf"(?<!\w)[Cc]ác ([Bb]ộ|[Ss]ở)\s?:?\s(?=[{UPPER}])")
_PLACE_LIST = re.compile(
    r"(?:chu tich )?(?:uy ban nhan dan|ubnd) (?:cac )?(?:tinh,? (?:va )?thanh pho|tinh|thanh pho)"
    r"(?: truc thuoc trung uong)?\s?:? "
)
_STEP = re.compile(r"\s?(?:,|;| và)\s(?:các )?(?:tỉnh |thành phố )?")
_RANKS = {"tinh", "thanh", "pho", "huyen", "xa", "phuong", "quan", "thi", "tran", "bo", "so"}
_RANK_LAST = re.compile(r" (?:tinh|thanh pho|huyen|quan|xa|phuong)$")
_CAPITAL_NEXT = re.compile(rf" [{UPPER}]")
_NEAR_ENOUGH = 88.0
_LONGEST_NAME = 90
_REACH = 22
_PLACE = "tinh-"

_Found = tuple[Span, Agency | None, float]


class AgencyFinder:
    """Names in the gazetteer are matched word for word, in any accents; damaged ones by likeness; groups by pattern."""

    def __init__(self, nlp: Language, known: Gazetteer) -> None:
        self.known = known
        self.tables = {"names": known.names, "local": known.local, "places": known.places}
        self.matcher = PhraseMatcher(nlp.vocab, attr="NORM")
        for table, names in self.tables.items():
            for spelling, agencies in names.items():
                forms = {spelling, *(agency.name for agency in agencies if spelled(agency.name) == spelling)}
                self.matcher.add(f"{table}:{spelling}", [nlp.make_doc(form) for form in sorted(forms)])
        self.choices: dict[str, dict[str, list[Agency]]] = {}
        for name, agency in (
            *((name, agency) for name, agencies in known.names.items() for agency in agencies),
            *committees(),
        ):
            if " " in name:
                self.choices.setdefault(name.split(" ", 1)[0], {}).setdefault(name, []).append(agency)

    def find(self, doc: Doc, text: str, day: date | None) -> list[AgencyMention]:
        """All agencies named, in order, not overlapping; names that several bore in turn are resolved for `day`.

        `text`: that of the Doc, which takes it time to tell.
        """
        plain = fold(text)
        found = [*self._exact(doc, text, plain, day), *self._listed(text, plain, day), *self._generic(text, plain)]
        taken = sorted(span for span, agency, _ in found if agency and not agency.id.startswith(_PLACE))
        found += self._near(text, plain, day, taken)
        kept: list[_Found] = []
        for span, agency, score in sorted(found, key=lambda item: (item[0][0], -item[0][1])):
            if not kept or span[0] >= kept[-1][0][1]:
                kept.append((span, agency, score))
        return [
            AgencyMention(
                raw=text[slice(*span)],
                agency_id=agency.id if agency else None,
                name=agency.name if agency else None,
                score=score,
                span=span,
            )
            for span, agency, score in kept
        ]

    def _exact(self, doc: Doc, text: str, plain: str, day: date | None) -> Iterator[_Found]:
        """Names whose words stand in the text, whatever their accents; local bodies with their province."""
        starts = doc.to_array([IDX])
        bodies: list[tuple[str, Span, str]] = []
        places: dict[int, tuple[int, str]] = {}
        for key, first, last in self.matcher(doc):
            table, spelling = doc.vocab.strings[key].split(":", 1)
            start, end = int(starts[first]), int(starts[last - 1]) + len(doc[last - 1])
            if not _is_name(text, start, end, spelling):
                continue
            if table != "places":
                bodies.append((table, (start, end), spelling))
            elif end > places.get(start, (0, ""))[0]:
                places[start] = (end, spelling)
        for table, (start, end), spelling in bodies:
            agency = chosen(self.tables[table][spelling], day)
            if table == "names":
                yield (_with_office(plain, start), end), agency, 100.0
            elif end + 1 in places:
                place_end, place = places[end + 1]
                agency = in_place(agency, chosen(self.known.places[place], day))
                yield (_with_office(plain, start), place_end), agency, 100.0
        for holder in _HOLDER.finditer(text):
            yield holder.span(), None, 0.0
        for start, (end, spelling) in places.items():
            if spelling.startswith(("tinh ", "thanh pho ", "tp ")):
                itself = chosen(self.known.places[spelling], day)
                yield (start, end), Agency(_PLACE + itself.id, itself.name[:1].upper() + itself.name[1:]), 100.0

    def _listed(self, text: str, plain: str, day: date | None) -> Iterator[_Found]:
        """'các Bộ: Công an, Tư pháp và Tài chính'; 'Ủy ban nhân dân các tỉnh: Lào Cai, Yên Bái'."""
        for head in _LIST.finditer(text):
            for span, agencies in _items(text, plain, head.end(), self.known.items[fold(head[1])]):
                yield span, chosen(agencies, day), 100.0
        for head in _PLACE_LIST.finditer(plain):
            committee = self.known.local["ubnd"][0]
            for span, places in _items(text, plain, head.end(), self.known.places):
                start = head.start() if span[0] == head.end() else span[0]
                yield (start, span[1]), in_place(committee, chosen(places, day)), 100.0

    def _generic(self, text: str, plain: str) -> Iterator[_Found]:
        for agency_id, name, pattern in self.known.generic:
            for match in pattern.finditer(plain):
                if not (_RANK_LAST.search(match.group()) and _CAPITAL_NEXT.match(text, match.end())):
                    yield match.span(), Agency(agency_id, name), 100.0

    def _near(self, text: str, plain: str, day: date | None, taken: list[Span]) -> Iterator[_Found]:
        """Capitalised names that begin as agencies do: the nearest in the gazetteer, or an agency it does not know."""
        for match in _PROPER.finditer(text):
            after = bisect_left(taken, match.span())
            if any(start < match.end() and match.start() < end for start, end in taken[max(0, after - 2) : after + 1]):
                continue
            start, end = match.span()
            name, agencies, score = self._nearest(plain[start : start + _LONGEST_NAME])
            span = (_with_office(plain, start), start + name if name else _end_of_unknown(text, end))
            yield span, chosen(agencies, day) if agencies else None, score

    def _nearest(self, plain: str) -> tuple[int, list[Agency], float]:
        """The length of the name most like one that is known, and whose it is; 0 and none if nothing is near enough."""
        words = list(WORD.finditer(plain.split("\n", 1)[0]))
        choices = self.choices.get(words[0].group(), {})
        best: tuple[int, list[Agency], float] = (0, [], 0.0)
        for count in sorted({len(name.split()) + extra for name in choices for extra in (-1, 0)}, reverse=True):
            window = [word.group() for word in words[:count]]
            cutoff = max(_NEAR_ENOUGH, best[2] + 0.01)
            found = process.extractOne(" ".join(window), choices.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
            if len(window) == count and found and _alike(window, found[0].split()):
                best = (words[count - 1].end(), choices[found[0]], round(min(found[1], 99.0), 1))
        return best


def _is_name(text: str, start: int, end: int, spelling: str) -> bool:
    """A name begins with a capital; an acronym has no small letter first and is no part of a document's number."""
    if " " in spelling:
        return text[start].isupper() or spelling.startswith(("tinh ", "thanh pho "))
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return (text[start : start + 2].isupper() and not set(around) & set("-/&")) or (spelling == "ttg" and around == " ")


def _with_office(plain: str, start: int) -> int:
    """'Bộ trưởng Bộ Nội vụ' names the ministry through its head."""
    for match in _OFFICE.finditer(plain, max(0, start - _REACH), start):
        if match.end() == start and (match.start() == 0 or not plain[match.start() - 1].isalnum()):
            return match.start()
    return start


def _end_of_unknown(text: str, end: int) -> int:
    """'Ban Quản' goes on to 'Ban Quản lý dự án đầu tư': small words up to a sign, a preposition or a verb."""
    manages = text[:end].endswith("Ban Quản")
    while (word := _SMALL_WORD.match(text, end)) and (manages or not opens_with_verb(text[end : end + 40].lstrip())):
        end = word.end()
    return end


def _items(text: str, plain: str, at: int, names: dict[str, list[Agency]]) -> Iterator[tuple[Span, list[Agency]]]:
    """The known names that stand one after another from `at` on, with commas or 'và' between them."""
    longest = max(len(name.split()) for name in names)
    while True:
        window = list(WORD.finditer(plain, at, at + _LONGEST_NAME))[:longest]
        for count in range(len(window), 0, -1):
            agencies = names.get(" ".join(word.group() for word in window[:count]))
            if agencies and text[window[0].start()].isupper() and window[0].start() == at:
                break
        else:
            return
        yield (at, window[count - 1].end()), agencies
        step = _STEP.match(text, window[count - 1].end())
        if not step:
            return
        at = step.end()


def _alike(words: list[str], name: list[str]) -> bool:
    """Word for word nearly the same, but for one word lost or gained that is no rank ('xã' is not 'tỉnh')."""
    odd: list[str] = []
    for op in Levenshtein.opcodes(words, name):
        here, there = words[op.src_start : op.src_end], name[op.dest_start : op.dest_end]
        if op.tag in ("insert", "delete"):
            odd += here + there
        elif any(Levenshtein.distance(a, b) > max(1, len(b) // 3) for a, b in zip(here, there, strict=True)):
            return False
    return len(odd) <= 1 and not _RANKS & set(odd)
