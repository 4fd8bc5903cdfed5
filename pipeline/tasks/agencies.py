"""Text in; the agencies it names out, each resolved against the gazetteer in `data/`."""

import csv
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rapidfuzz import fuzz, process

from pipeline.document import AgencyMention
from pipeline.folding import UPPER, fold

_WORD = re.compile(r"[^\W_]+")
_CAPITALISED = rf"(?:Trung ương|[{UPPER}]\w*)"
_PROPER = re.compile(
    r"\b(?:[ỦU][ỷy] ban nhân(?: \w+)? (?:tỉnh|thành phố|quận|huyện|thị xã|xã|phường|đặc khu)"
    rf" [{UPPER}]\w*(?: [{UPPER}]\w*){{0,3}})"
    r"|\bBan (?:Chỉ đạo|Chỉ huy|Điều hành|Điều phối|Soạn thảo|Vận động)(?: Trung ương| quốc gia| liên ngành)?(?![^\W_])"
    r"|\b(?:Bộ|Ủy ban|Uỷ ban|Ban|Tổng cục|Cục|Sở|Viện|Ngân hàng|Tổng công ty|Tập đoàn|Hội|Văn phòng) "
    rf"{_CAPITALISED}(?:(?:,| -| và)? {_CAPITALISED}| [a-zà-ỹ]+(?= (?:[{UPPER}]|và [{UPPER}]))){{0,8}}"
)
_LIST_HEAD = re.compile(rf"[Cc]ác [Bb]ộ\s?:?\s+(?=[{UPPER}])")
_LIST_STEP = re.compile(r"\s*(?:,|;| và)\s+")
_MINISTER = re.compile(r"bo truong |thu truong |chu tich |thong doc |tong thanh tra ")
_NEAR_ENOUGH = 88.0
_LONGEST_NAME = 90


@dataclass(frozen=True, slots=True)
class Agency:
    """A body of the gazetteer; the tables also say since when and until when it existed."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by their folded words; `ministries` without 'Bộ'; `generic` patterns; `choices`: names by first word."""

    names: dict[tuple[str, ...], Agency]
    starts: dict[str, tuple[int, ...]]
    ministries: dict[tuple[str, ...], Agency]
    generic: tuple[tuple[str, re.Pattern[str]], ...]
    choices: dict[str, dict[str, Agency]]


@cache
def gazetteer() -> Gazetteer:
    """The tables of `data/`, read once."""
    names: dict[tuple[str, ...], Agency] = {}
    ministries: dict[tuple[str, ...], Agency] = {}
    for row in _table("agencies.csv"):
        agency = Agency(row["id"], row["name"])
        shorts = [name for name in row["short_name"].split("|") if name]
        is_ministry = agency.id.startswith("bo-") and shorts and row["name"].startswith("Bộ ")
        for name in (row["name"], *([] if is_ministry else shorts), *row["acronym"].split("|")):
            names.setdefault(_words(name), agency)
        if is_ministry:
            ministries[_words(shorts[0])] = agency
            department = Agency(agency.id.replace("bo-", "so-", 1), f"Sở {shorts[0]}")
            names.setdefault(_words(department.name), department)
    for row in _table("provinces.csv"):
        for name, agency in _of_province(row):
            names.setdefault(_words(name), agency)
    names.pop((), None)
    lengths: dict[str, set[int]] = {}
    for words in names:
        lengths.setdefault(words[0], set()).add(len(words))
    starts = {word: tuple(sorted(counts, reverse=True)) for word, counts in lengths.items()}
    generic = tuple((row["id"], re.compile(rf"(?<![^\W_]){row['pattern']}(?![^\W_])")) for row in _table("generic.csv"))
    choices: dict[str, dict[str, Agency]] = {}
    for words, agency in names.items():
        if len(words) > 1:
            choices.setdefault(words[0], {})[" ".join(words)] = agency
    return Gazetteer(names, starts, ministries, generic, choices)


def _table(name: str) -> list[dict[str, str]]:
    path = resources.files("pipeline.tasks") / "data" / name
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


def _of_province(row: dict[str, str]) -> Iterator[tuple[str, Agency]]:
    """Its people's committee and council, its party committee, and itself as one that acts."""
    kind, name = row["type"], row["name"]
    place = Agency(f"tinh-{row['id']}", f"{kind.capitalize()} {name}")
    committee = Agency(f"ubnd-{row['id']}", f"Ủy ban nhân dân {kind} {name}")
    council = Agency(f"hdnd-{row['id']}", f"Hội đồng nhân dân {kind} {name}")
    rank = kind.split()[0].capitalize()
    party = Agency(f"{fold(rank)}-uy-{row['id']}", f"{rank} ủy {name}")
    for form in (f"{kind} {name}", *((f"TP. {name}", f"TP {name}") if kind == "thành phố" else ())):
        yield f"Ủy ban nhân dân {form}", committee
        yield f"UBND {form}", committee
        yield f"Hội đồng nhân dân {form}", council
        yield form, place
    yield party.name, party


def find_agencies(text: str, offset: int) -> list[AgencyMention]:
    """All agencies named in `text`, in order, not overlapping; `offset` is where the text stands in the document."""
    plain = fold(text)
    found = [*_exact(text, plain), *_listed(text, plain), *_generic(plain)]
    found += _near(text, sorted(span for span, agency, _ in found if agency and not agency.id.startswith("tinh-")))
    chosen: list[tuple[tuple[int, int], Agency | None, float]] = []
    for span, agency, score in sorted(found, key=lambda item: (item[0][0], -item[0][1])):
        if not chosen or span[0] >= chosen[-1][0][1]:
            chosen.append((span, agency, score))
    return [
        AgencyMention(
            raw=text[start:end],
            agency_id=agency.id if agency else None,
            name=agency.name if agency else None,
            score=score,
            span=(start + offset, end + offset),
        )
        for (start, end), agency, score in chosen
    ]


_Found = tuple[tuple[int, int], Agency | None, float]


def _exact(text: str, plain: str) -> Iterator[_Found]:
    """Names whose folded words stand in the text, whatever their accents."""
    known = gazetteer()
    words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(plain)]
    at = 0
    while at < len(words):
        step = 1
        for count in known.starts.get(words[at][0], ()):
            agency = known.names.get(tuple(word for word, _, _ in words[at : at + count]))
            start, end = words[at][1], words[min(at + count, len(words)) - 1][2]
            if (
                agency is not None
                and text[start].isupper() | agency.id.startswith("tinh-")
                and _is_phrase(text[start:end])
            ):
                yield (_with_office(plain, start), end), agency, 100.0
                step = count
                break
        at += step


def _is_phrase(text: str) -> bool:
    """No sentence or list ends inside a name."""
    return not any(sign in text for sign in ";:()\n") and ". " not in text.replace("TP. ", "")


def _with_office(plain: str, start: int) -> int:
    """'Bộ trưởng Bộ Nội vụ' names the ministry through its head."""
    match = _MINISTER.search(plain, max(0, start - 17), start)
    return match.start() if match and match.end() == start else start


def _listed(text: str, plain: str) -> Iterator[_Found]:
    """'các Bộ: Công an, Tư pháp và Tài chính'."""
    ministries = gazetteer().ministries
    longest = max(len(words) for words in ministries)
    for head in _LIST_HEAD.finditer(text):
        at = head.end()
        while True:
            window = list(_WORD.finditer(plain, at, at + 60))[:longest]
            for count in range(len(window), 0, -1):
                agency = ministries.get(tuple(m.group() for m in window[:count]))
                if agency and text[window[0].start()].isupper():
                    break
            else:
                break
            yield (window[0].start(), window[count - 1].end()), agency, 100.0
            step = _LIST_STEP.match(text, window[count - 1].end())
            if not step:
                break
            at = step.end()


def _generic(plain: str) -> Iterator[_Found]:
    for name, pattern in gazetteer().generic:
        for match in pattern.finditer(plain):
            yield match.span(), Agency(name, match.group()), 100.0


def _near(text: str, taken: list[tuple[int, int]]) -> Iterator[_Found]:
    """Capitalised names that begin as agencies do: the nearest in the gazetteer, or an agency it does not know."""
    for match in _PROPER.finditer(text):
        after = bisect_left(taken, match.span())
        if any(start < match.end() and match.start() < end for start, end in taken[max(0, after - 2) : after + 1]):
            continue
        yield _nearest(text, match.start()) or (match.span(), None, 0.0)


def _nearest(text: str, start: int) -> _Found | None:
    """The known name most like the words from `start` on, if any is near enough."""
    known = gazetteer()
    words = list(_WORD.finditer(fold(text[start : start + _LONGEST_NAME])))
    best: _Found | None = None
    for count in known.starts.get(words[0].group(), ()):
        window = words[:count]
        name = " ".join(word.group() for word in window)
        cutoff = best[2] if best else _NEAR_ENOUGH
        found = process.extractOne(name, known.choices[words[0].group()].keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
        if found and (best is None or found[1] > best[2]):
            agency = known.choices[words[0].group()][found[0]]
            best = ((start, start + window[-1].end()), agency, round(min(found[1], 99.0), 1))
    return best
