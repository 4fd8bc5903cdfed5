"""Imported in, what every worker process needs out: the engine, with all that its first document would load.

The server that workers are forked from imports it once; they share its memory.
"""

import gc

from pipeline.document import Findings
from pipeline.ingest import ingest_text
from pipeline.restore import Engine, restore
from pipeline.run import load
from pipeline.structure import structure
from pipeline.tasks import find


def _warm(engine: Engine) -> Findings:
    """Run the stages over a line that was read without Vietnamese, and prepare for those read with it."""
    source = ingest_text("warm.txt", b"Uy ban nhan dan tinh to chirc thuc hi\xc3\xa9n\n")
    _ = engine.marked.taught, engine.marked.lexemes
    return find(structure(source, restore(source, engine)))


ENGINE = load()
_warm(ENGINE)
gc.collect()
gc.freeze()  # looking for garbage writes to all objects, which would give each worker a copy of its own of them
