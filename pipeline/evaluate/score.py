"""Lines in, their score out, by the project's measure (`score.py` of the shared folder)."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Score:
    """syllables: of the gold; errors: substituted, dropped, invented; critical: gold tokens with a digit;
    critical_exact: share of them that were read exactly."""

    syllables: int
    errors: int
    cer: float
    critical: int
    critical_exact: float

    @property
    def accuracy(self) -> float:
        return 1 - self.errors / max(self.syllables, 1)


def score(gold: Sequence[str], read: Sequence[str], shared: Path) -> Score:
    """Line i of `read` is the reading of line i of `gold`."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("gold.txt", "read.txt")]
        for path, lines in zip(paths, (gold, read), strict=True):
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, str(shared / "score.py"), *map(str, paths), "--json"]
        figures = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return Score(*(figures[name] for name in ("syllables", "errors", "cer", "critical", "critical_exact")))
