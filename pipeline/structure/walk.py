"""Rows in; a walk through them out: what each row shows, the blocks read so far, how far the reading has come."""

from dataclasses import dataclass, field, replace

from pipeline.structure.lines import Row
from pipeline.structure.paragraphs import END_SIGN, Block, Setting, setting_of
from pipeline.structure.signals import Signal, is_name, signal_of

_BELOW_SIGN_OFF = 6


@dataclass(slots=True)
class Walk:
    """The rows, what each shows, and how far the walk has come."""

    rows: list[Row]
    signals: list[Signal | None]
    setting: Setting
    blocks: list[Block] = field(default_factory=list)
    at: int = 0

    @property
    def has_more(self) -> bool:
        """Is there a row left?"""
        return self.at < len(self.rows)

    def signal(self, index: int) -> Signal | None:
        """What the row shows; None also beyond the last."""
        return self.signals[index] if index < len(self.rows) else None

    def add(self, kind: str, *rows: Row) -> None:
        """A component of the form."""
        self.blocks.append(Block(rows, kind))

    def extend(self, row: Row, index: int = -1) -> None:
        """The last block, or the one named, goes on with this row."""
        block = self.blocks[index]
        self.blocks[index] = replace(block, rows=(*block.rows, row))


def start_walk(rows: list[Row]) -> Walk:
    """At the first row. Capitals over a name, right after the mark that ends a document, are a sign-off."""
    signals = [signal_of(row) for row in rows]
    for index in range(1, len(rows)):
        if rows[index - 1].text.endswith(END_SIGN) and signals[index] is None and rows[index].text.isupper():
            if any(is_name(row.text) for row in rows[index + 1 : index + 1 + _BELOW_SIGN_OFF]):
                signals[index] = "chu_ky"
    return Walk(rows, signals, setting_of(rows))
