"""Pages that were read from images, kept in a folder until the document is done: a later run reads only the rest."""

import json
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.document import Box, Notice, Stamp
from pipeline.ingest.grid import Grid, GridCell
from pipeline.ingest.layout import Token
from pipeline.ingest.sheet import Sheet, Turn


@dataclass(frozen=True, slots=True)
class Kept:
    """The folder of one document's pages; None: nothing is kept. part: numbers of the pages wanted; None: all."""

    folder: Path | None = None
    part: range | None = None

    def wants(self, number: int) -> bool:
        """Is this page asked for?"""
        return self.part is None or number in self.part

    def is_past(self, number: int) -> bool:
        """Is neither this page nor any after it asked for?"""
        return self.part is not None and number >= self.part.stop

    def get(self, number: int) -> Sheet | None:
        """A page that was read before; None where it is not there, or not whole."""
        if self.folder is None:
            return None
        try:
            return _sheet(json.loads(self._path(number).read_bytes()))
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def put(self, sheet: Sheet) -> Sheet:
        """Keep a page that was read from an image, or ahead; others are soon read again. A full disk is no failure."""
        if self.folder is not None and (sheet.kind == "scan" or self.part) and sheet.failure is None:
            path = self._path(sheet.number)
            part = path.with_suffix(".part")
            with suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
                part.write_text(json.dumps(asdict(sheet), ensure_ascii=False), encoding="utf-8")
                part.replace(path)
        return sheet

    def forget(self) -> None:
        """Remove what was kept, and the folder around it where it is empty then."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            with suppress(OSError):
                self.folder.parent.rmdir()

    def _path(self, number: int) -> Path:
        assert self.folder is not None
        return self.folder / f"{number:05}.json"


def _sheet(record: dict[str, Any]) -> Sheet:
    return Sheet(
        number=record["number"],
        kind=record["kind"],
        turn=Turn(**record["turn"]),
        tokens=tuple(
            Token(**{**token, "box": _box(token["box"]), "alternatives": tuple(token["alternatives"])})
            for token in record["tokens"]
        ),
        stamps=tuple(Stamp(**{**stamp, "box": stamp["box"] and _box(stamp["box"])}) for stamp in record["stamps"]),
        notices=tuple(Notice(**notice) for notice in record["notices"]),
        grids=tuple(
            Grid(
                box=_box(grid["box"]),
                cells=tuple(GridCell(**{**cell, "box": _box(cell["box"])}) for cell in grid["cells"]),
                xs=tuple(grid["xs"]),
                rows=grid["rows"],
            )
            for grid in record["grids"]
        ),
    )


def _box(numbers: list[float]) -> Box:
    x0, top, x1, bottom = numbers
    return x0, top, x1, bottom
