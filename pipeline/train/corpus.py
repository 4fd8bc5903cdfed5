"""The training text: `### name` documents of xz files in, paragraphs without the held-out documents out."""

import json
import lzma
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

HELD_OUT = re.compile(r"45\s*-\s*NQ\s*/\s*TW|108\s*/\s*NQ\s*-\s*CP|phát triển thành phố Hải Phòng", re.IGNORECASE)
"""Paragraphs that name or quote the held-out resolutions stay out of every statistic."""

LEGAL = ("congbao", "vlc", "vnlegal", "vnlegaldb")
GENERAL = ("news", "viwiki")

MACHINE_LINE = re.compile(r"^(Người ký:|Email:|Cơ quan:|Thời gian ký:|Ký bởi:|\[|\]|sửa$|CÔNG BÁO/|-{4,})|^\s*\d+\s*$")
"""Lines that a web page or the gazette's signature left in the text: not part of any document."""

NEW_PARAGRAPH = re.compile(
    r"^(Điều \d|Chương [IVXL]|Mục \d|Phần thứ|[IVX]+\.|\d+\.|\d+\)|[a-zđ]\)|[-+•–—]|“|Căn cứ|Theo đề nghị)"
)


def documents(folder: Path, name: str) -> Iterator[tuple[str, ...]]:
    """Paragraphs of each document of `folder/NAME.txt.xz`: printed lines are joined, held-out paragraphs dropped."""
    lines: list[str] = []
    with lzma.open(folder / f"{name}.txt.xz", "rt", encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("### "):
                if lines:
                    yield tuple(_paragraphs(lines))
                lines = []
            else:
                lines.append(unicodedata.normalize("NFC", line.replace("**", "").strip("=# \n")))
    if lines:
        yield tuple(_paragraphs(lines))


PLACE_FILES = (("provinces.json", 12), ("districts.json", 4), ("communes.json.xz", 1))
"""Administrative units, and how often each is written down: larger units are named more."""


def places(folder: Path) -> Iterator[str]:
    """Each administrative unit as documents write it: 'huyện X, tỉnh Y', and its bare name."""
    for name, times in PLACE_FILES:
        path = folder / name
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
            units = json.load(file)
        for unit in units.values():
            kind, _, rest = unit["name_with_type"].partition(unit["name"])
            full = unit.get("path_with_type", unit["name_with_type"])
            parts = [kind.lower() + unit["name"] + rest, *full.split(", ")[1:]]
            for _ in range(times):
                yield ", ".join(part[0].lower() + part[1:] for part in parts)
                yield unit["name"]


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Join printed lines: a long line without final punctuation runs on into a line that opens nothing new."""
    usual = sorted(len(line) for line in lines)[len(lines) * 3 // 4] if lines else 0
    wrapped = usual < 120
    current = ""
    for line in [*lines, ""]:
        if MACHINE_LINE.match(line):
            continue
        runs_on = (
            wrapped
            and len(current) > 0
            and len(line) > 0
            and current[-1] not in ".;:"
            and not NEW_PARAGRAPH.match(line)
            and (current[-1] == "," or line[0].islower() or (not current.isupper() and not line.isupper()))
            and len(current.rsplit("\n", 1)[-1]) > 0.6 * usual
        )
        if runs_on:
            current += "\n" + line
            continue
        if current and not HELD_OUT.search(current.replace("\n", " ")):
            yield current.replace("\n", " ")
        current = line
