"""Compiled code never outlives the sources it was made from."""

import os
import subprocess
import sys
from pathlib import Path

from pipeline.restore import compiled


def test_any_change_of_a_source_is_another_state(tmp_path: Path) -> None:
    states = {compiled.digest(tmp_path)}
    for name, text in (("a.py", "x = 1"), ("b.py", "x = 1"), ("a.py", "x = 2")):
        (tmp_path / name).write_text(text)
        states.add(compiled.digest(tmp_path))
    assert len(states) == 4


def test_compiled_code_is_kept_below_the_folder_that_the_user_named(tmp_path: Path) -> None:
    code = "from pipeline.restore.counter import get, new_counter; import numpy; get(new_counter(3), numpy.uint64(1))"
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}, timeout=120
    )
    kept = list(tmp_path.iterdir())
    assert [path.name for path in kept] == [f"compiled-{compiled.digest(compiled.HERE)}"]
    assert list(kept[0].rglob("*.nbi"))


def test_it_is_in_force_here() -> None:
    assert Path(compiled.config.CACHE_DIR).name == f"compiled-{compiled.digest(compiled.HERE)}"
