"""Text in, a cell out that no spreadsheet takes for a formula (CWE-1236); and such a cell in, the text out."""

import re

_FORMULA = re.compile(r"(?=[=+\-@\t\r\n＝＋－＠])(?![+-]?[\d.,]+%?\Z)")


def defused(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(cell: str) -> str:
    """The text of a cell as `defused` has it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
