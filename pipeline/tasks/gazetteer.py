"""The tables of `data/` in; agencies by the names that documents give them out."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from operator import attrgetter

from pipeline.folding import fold

WORD = re.compile(r"[^\W_]+")
_RANKS = {"tỉnh": ("tỉnh",), "thành phố": ("thành phố", "TP.", "TP")}


@dataclass(frozen=True, slots=True)
class Agency:
    """A body, and when it existed; the dates are None where its beginning or end lies outside the tables' reach."""

    id: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None

    def existed(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(slots=True)
class Gazetteer:
    """Agencies by spelling.

    `names`: bodies of the whole country and local ones that are named without a place. `items`: ministries and
    departments by what is left without 'Bộ' or 'Sở', for lists ('các Bộ: Công an, Tư pháp'). `local`: bodies that
    every province has, named with one. `places`: provinces. `generic`: patterns for whole groups of agencies.
    """

    names: dict[str, list[Agency]] = field(default_factory=dict)
    items: dict[str, dict[str, list[Agency]]] = field(default_factory=dict)
    local: dict[str, list[Agency]] = field(default_factory=dict)
    places: dict[str, list[Agency]] = field(default_factory=dict)
    generic: list[tuple[str, str, re.Pattern[str]]] = field(default_factory=list)


def chosen(agencies: Iterable[Agency], day: date | None) -> Agency:
    """Of the bodies that bore a name the one that did on `day`, else the one nearest in time, else the latest."""
    ordered = sorted(agencies, key=lambda agency: agency.valid_from or date.min)
    if day is None:
        return ordered[-1]
    return min(ordered, key=lambda agency: _days_off(agency, day))


def _days_off(agency: Agency, day: date) -> int:
    if agency.existed(day):
        return 0
    edges = (agency.valid_from, agency.valid_to)
    return min(abs((edge - day).days) for edge in edges if edge is not None)


@cache
def gazetteer() -> Gazetteer:
    """The tables, read once. Spellings are folded words with single spaces between them."""
    known = Gazetteer()
    for row in _table("agencies.csv"):
        agency = _agency(row, row["id"], row["name"])
        for spelling in (row["name"], *row["short_name"].split("|"), *row["acronym"].split("|")):
            _add(known.names, spelling, agency)
        _add_item(known, row["name"], agency)
    for row in _table("local.csv"):
        agency = _agency(row, row["id"], row["name"])
        for spelling in (row["name"], *row["acronym"].split("|")):
            _add(known.local, spelling, agency)
            if row["alone"]:
                _add(known.names, spelling, agency)
        _add_item(known, row["name"], agency)
    for row in _table("provinces.csv"):
        place = _agency(row, row["id"], f"{row['type']} {row['name']}")
        for spelling in (row["name"], *(f"{rank} {row['name']}" for rank in _RANKS[row["type"]])):
            _add(known.places, spelling, place)
    known.generic = [
        (row["id"], row["name"], re.compile(rf"(?<![^\W_]){row['pattern']}(?![^\W_])")) for row in _table("generic.csv")
    ]
    return known


def in_place(body: Agency, place: Agency) -> Agency:
    """'Công an' and 'tỉnh Lào Cai' make 'Công an tỉnh Lào Cai'; it exists while both do."""
    starts = [agency.valid_from for agency in (body, place) if agency.valid_from]
    ends = [agency.valid_to for agency in (body, place) if agency.valid_to]
    name = place.name.split(" ", 1 if place.name.startswith("tỉnh") else 2)[-1] if _has_rank(body) else place.name
    return Agency(f"{body.id}-{place.id}", f"{body.name} {name}", max(starts, default=None), min(ends, default=None))


def _has_rank(body: Agency) -> bool:
    """'Thành ủy Cần Thơ', not 'Thành ủy thành phố Cần Thơ'."""
    return body.id in ("tinh-uy", "thanh-uy")


def committees() -> Iterator[tuple[str, Agency]]:
    """Names of provincial committees and councils in full, for names that the reading damaged."""
    known = gazetteer()
    for spelling in ("uy ban nhan dan", "ubnd", "hoi dong nhan dan", "hdnd"):
        for body in known.local[spelling]:
            for place, agencies in known.places.items():
                if place.startswith(("tinh ", "thanh pho ")):
                    yield f"{spelling} {place}", in_place(body, max(agencies, key=attrgetter("id")))


def spelled(text: str) -> str:
    """'Bộ Văn hóa, Thể thao' -> 'bo van hoa the thao'."""
    return " ".join(WORD.findall(fold(text)))


def _add(table: dict[str, list[Agency]], spelling: str, agency: Agency) -> None:
    key = spelled(spelling)
    if key and agency not in table.setdefault(key, []):
        table[key].append(agency)


def _add_item(known: Gazetteer, name: str, agency: Agency) -> None:
    kind, _, rest = name.partition(" ")
    if kind in ("Bộ", "Sở") and not agency.id.endswith(("-tham-muu", "-chinh-tri")):
        _add(known.items.setdefault(fold(kind), {}), rest, agency)


def _agency(row: dict[str, str], agency_id: str, name: str) -> Agency:
    since, until = (date.fromisoformat(row[key]) if row[key] else None for key in ("valid_from", "valid_to"))
    return Agency(agency_id, name, since, until)


def _table(name: str) -> list[dict[str, str]]:
    path = resources.files("pipeline.tasks") / "data" / name
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
