"""Rows in; blocks out in reading order: components of the form with their kind, paragraphs of the body between them."""

from dataclasses import replace

from pipeline.folding import fold
from pipeline.structure.lines import BULLETS, Row
from pipeline.structure.markers import is_title, read_marker
from pipeline.structure.paragraphs import (
    END_SIGN,
    Block,
    ends_open,
    ends_sentence,
    join_rows,
    opens_basis,
    right_margin,
)
from pipeline.structure.signals import (
    Signal,
    date_place,
    is_heading_row,
    is_name,
    is_sign_off,
    signal_of,
    title_bounds,
)

_LOOK_AHEAD = 14
_TITLE_ROWS = 10
_COLUMN_ROWS = 4
_STRAY_ROWS = 6
_PREAMBLE_ROWS = 80
_ISSUED_WITHIN = 9
_FORM: frozenset[Signal] = frozenset(
    {"quoc_hieu", "tieu_ngu", "so_ky_hieu", "dia_danh_ngay", "loai_van_ban", "phu_luc"}
)


def read_blocks(rows: list[Row]) -> list[Block]:
    """Walks through the file: letterhead, body, sign-off, then perhaps an annex or another document, and so on."""
    return _Walk(rows).run()


class _Walk:
    """The rows, what each shows, and how far the walk has come."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.signals = [signal_of(row) for row in rows]
        self._find_damaged_sign_off()
        self.margin = right_margin(rows)
        self.blocks: list[Block] = []
        self.at = 0

    def run(self) -> list[Block]:
        closed = True
        while self.at < len(self.rows):
            if self._opens_document(self.at, closed):
                self._letterhead()
            self._preamble()
            closed = self._body(closed)
        return self.blocks

    def _find_damaged_sign_off(self) -> None:
        """Capitals right after the mark that ends a document, and a name below them: 'TW. CHÍNH PHỦ'."""
        for index in range(1, len(self.rows)):
            if self.rows[index - 1].text.endswith(END_SIGN) and self.signals[index] is None:
                below = self.rows[index + 1 : index + 1 + _STRAY_ROWS]
                if self.rows[index].text.isupper() and any(is_name(row.text) for row in below):
                    self.signals[index] = "chu_ky"

    def _signal(self, index: int) -> Signal | None:
        return self.signals[index] if index < len(self.rows) else None

    def _add(self, kind: str, *rows: Row) -> None:
        self.blocks.append(Block(rows, kind))

    def _extend(self, row: Row) -> None:
        last = self.blocks[-1]
        self.blocks[-1] = replace(last, rows=(*last.rows, row))

    def _opens_document(self, index: int, closed: bool) -> bool:
        """Does a letterhead or the title of an annex start at this row?"""
        signal = self.signals[index]
        if signal in ("quoc_hieu", "phu_luc"):
            return True
        if signal == "loai_van_ban":
            return closed or self._issued_with(index)
        if (
            not closed
            or not (is_title(self.rows[index].text) or signal == "so_ky_hieu")
            or is_heading_row(self.rows[index])
        ):
            return False
        if signal in ("chu_ky", "noi_nhan"):
            return self._heads_column(index)
        return any(self._signal(i) in _FORM for i in range(index, min(index + _LOOK_AHEAD, len(self.rows))))

    def _heads_column(self, index: int) -> bool:
        """Does the issuing body of a new letterhead stand here? No name follows, but a number or the national title."""
        for i in range(index + 1, min(index + _COLUMN_ROWS, len(self.rows))):
            if self.signals[i] in ("quoc_hieu", "so_ky_hieu"):
                return True
            if is_name(self.rows[i].text):
                return False
        return False

    def _issued_with(self, index: int) -> bool:
        """Is this the title of something issued with the document, '(Ban hành kèm theo ...)'?"""
        for i in range(index + 1, min(index + _ISSUED_WITHIN, len(self.rows))):
            if self.signals[i] == "kem_theo":
                return True
            if is_heading_row(self.rows[i]) or self.signals[i] == "loai_van_ban":
                return False
        return False

    def _letterhead(self) -> None:
        """Everything above the title, then the title with its subject."""
        start = self.at
        while self.at < len(self.rows) and self.at < start + 2 * _LOOK_AHEAD:
            row, signal = self.rows[self.at], self.signals[self.at]
            if signal in ("quoc_hieu", "tieu_ngu"):
                self._two_columns(row, signal)
            elif signal == "so_ky_hieu":
                self._number_and_date(row)
            elif signal in ("dia_danh_ngay", "kinh_gui"):
                self._add(signal, row)
            elif signal == "trich_yeu":
                self._subject("trich_yeu", row)
                continue
            elif signal in ("loai_van_ban", "phu_luc"):
                self._title(signal, start)
                return
            elif not self._goes_on():
                return
            else:
                self._add("co_quan" if row.text.isupper() or is_title(row.text) else "doan", row)
            self.at += 1

    def _goes_on(self) -> bool:
        if is_heading_row(self.rows[self.at]) or opens_basis(self.rows[self.at].text):
            return False
        return any(self._signal(i) in _FORM for i in range(self.at, self.at + _TITLE_ROWS))

    def _two_columns(self, row: Row, signal: Signal) -> None:
        """'CHÍNH PHỦ CỘNG HÒA XÃ HỘI ...' is the issuing body, then the national title."""
        first, end = title_bounds(row, signal)
        if first:
            left, row = row.split(first)
            self._add("co_quan" if left.text.isupper() and len(left.text) > 1 else "speck", left)
        tail = None
        if end - first < len(row.tokens):
            row, tail = row.split(end - first)
        self._add(signal, row)
        if tail is not None:
            self._add("speck" if not any(char.isalpha() for char in tail.text) else "doan", tail)

    def _number_and_date(self, row: Row) -> None:
        place = date_place(row.text)
        count = 0 if place is None else len(row.text[:place].split())
        if place is None or not 0 < count < len(row.tokens):
            self._add("so_ky_hieu", row)
            return
        number, date = row.split(count)
        self._add("so_ky_hieu", number)
        self._add("dia_danh_ngay", date)

    def _title(self, signal: Signal, start: int) -> None:
        row = self.rows[self.at]
        numbered = "so_ky_hieu" in self.signals[start : self.at]
        first = not any(block.kind in ("loai_van_ban", "van_ban") for block in self.blocks)
        if signal == "phu_luc" or self._issued_with(self.at) or not (first or numbered):
            self._subject("phu_luc", row)
        else:
            self._add("loai_van_ban" if first else "van_ban", row)
            self.at += 1
            if self.at < len(self.rows) and self._is_subject(self.at, row, 0):
                self._subject("trich_yeu", self.rows[self.at])
        while self._signal(self.at) == "kem_theo":
            self._issued()

    def _subject(self, kind: str, row: Row) -> None:
        """A title or subject of several centred rows."""
        self._add(kind, row)
        self.at += 1
        count = 0 if kind == "phu_luc" else 1
        while self.at < len(self.rows) and self._is_subject(self.at, self.rows[self.at - 1], count):
            self._extend(self.rows[self.at])
            self.at += 1
            count += 1

    def _is_subject(self, index: int, before: Row, count: int) -> bool:
        row, signal = self.rows[index], self.signals[index]
        if count > _TITLE_ROWS or is_heading_row(row):
            return False
        if ends_open(before.text):
            return True
        if read_marker(row.text) is not None or signal not in (None, "trich_yeu", "chu_ky", "loai_van_ban"):
            return False
        if row.text[0].islower():
            return True
        if is_title(row.text):
            return count == 0 or (is_title(before.text) and row.gap == "none")
        if count == 0 or is_title(before.text):
            return not row.ruled and not opens_basis(row.text, sure=True)
        return row.gap == "none" and not row.ruled and not opens_basis(row.text) and before.text[-1] not in ".:!?"

    def _issued(self) -> None:
        """'(Ban hành kèm theo Quyết định số ... ngày ...)' to its closing bracket."""
        self._add("kem_theo", self.rows[self.at])
        self.at += 1
        while self.at < len(self.rows) and ")" not in self.rows[self.at - 1].text and len(self.blocks[-1].rows) < 4:
            if self.signals[self.at] or read_marker(self.rows[self.at].text):
                return
            self._extend(self.rows[self.at])
            self.at += 1

    def _preamble(self) -> None:
        """The issuing body again, legal bases, the words of enactment."""
        order = self._order_ahead()
        if order is not None:
            self._bases(self.at, order, certain=True)
            self._add("lenh_ban_hanh", self.rows[order])
            self.at = order + 1
            return
        if self.rows[self.at : self.at + 1] and self.rows[self.at].text.isupper() and self._has_bases(self.at + 1):
            self._add("co_quan", self.rows[self.at])
            self.at += 1
        while self._has_bases(self.at):
            start = self.at
            self.at += 1
            while self.at < len(self.rows) and not self._basis_ends(self.at):
                self.at += 1
            self._bases(start, self.at, certain=False)

    def _order_ahead(self) -> int | None:
        """The row 'QUYẾT NGHỊ:' where nothing but a preamble stands before it."""
        for index in range(self.at, min(self.at + _PREAMBLE_ROWS, len(self.rows))):
            if self.signals[index] == "lenh_ban_hanh":
                return index
            if is_heading_row(self.rows[index]) or self.signals[index] in ("quoc_hieu", "phu_luc", "noi_nhan"):
                return None
        return None

    def _bases(self, start: int, end: int, certain: bool) -> None:
        """Legal bases with their wrapped rows; a sentence that leads in to the body is a paragraph of the body."""
        for block in join_rows(self.rows[start:end], self.margin):
            text = block.text
            kind = None
            if text.isupper() and certain:
                kind = "co_quan"
            elif not text.endswith(":") and (opens_basis(text) or (certain and text.endswith((";", ",")))):
                kind = "can_cu"
            self.blocks.append(replace(block, kind=kind, marker=None))

    def _has_bases(self, index: int) -> bool:
        return index < len(self.rows) and opens_basis(self.rows[index].text)

    def _basis_ends(self, index: int) -> bool:
        row, before = self.rows[index], self.rows[index - 1].text
        if self.signals[index] in ("lenh_ban_hanh", "noi_nhan", "phu_luc", "quoc_hieu") or is_heading_row(row):
            return True
        if before.endswith((";", ":")) or (opens_basis(row.text) and not ends_open(before)):
            return True
        if before.endswith((",", ".")) and row.gap == "blank" and row.text[0].isupper():
            return True
        return before.endswith(".") and row.text[0].isupper()

    def _body(self, closed: bool) -> bool:
        """Body rows up to the sign-off or the next document; then the sign-off. Says whether one was there."""
        start = self.at
        stray = closed
        while self.at < len(self.rows):
            signal = self.signals[self.at]
            if signal in ("noi_nhan", "chu_ky") and (self.at > start or not closed):
                break
            stray = stray and self.at < start + _STRAY_ROWS and not is_heading_row(self.rows[self.at])
            if self.at > start and self._opens_document(self.at, stray):
                break
            self.at += 1
        self._paragraphs(start, self.at)
        if self._signal(self.at) in ("noi_nhan", "chu_ky"):
            self._sign_off()
            return True
        return False

    def _paragraphs(self, start: int, end: int) -> None:
        cuts = [i for i in range(start, end) if self.signals[i] in ("lenh_ban_hanh", "kinh_gui")]
        for cut in cuts:
            self.blocks += join_rows(self.rows[start:cut], self.margin)
            self._add(str(self.signals[cut]), self.rows[cut])
            start = cut + 1
        self.blocks += join_rows(self.rows[start:end], self.margin)

    def _sign_off(self) -> None:
        """Recipients and signature, in either order, or side by side and read as one line."""
        place: str | None = None
        has_recipients = False
        while self.at < len(self.rows):
            row, signal = self.rows[self.at], self.signals[self.at]
            if self._opens_document(self.at, True) or is_heading_row(row):
                return
            recipient, signature = (None, row) if signal == "chu_ky" else _split_signature(row)
            if recipient is not None and is_name(row.text) and ends_sentence(self.rows[self.at - 1].text):
                recipient, signature = None, row
            if recipient is not None and signal == "noi_nhan":
                place, has_recipients = "noi_nhan", True
                self._add(place, recipient)
            elif recipient is not None and has_recipients and recipient.tokens[0].text[0] in BULLETS:
                place = "gach_dau_dong"
                self.blocks.append(Block((recipient,), None, read_marker(recipient.text)))
            elif recipient is not None and not self._continues(recipient, place):
                return
            elif recipient is not None:
                self._extend(recipient)
            if signature is not None:
                place = self._signature(signature)
            self.at += 1

    def _signature(self, row: Row) -> str:
        if self.blocks[-1].kind == "chu_ky":
            self._extend(row)
        else:
            self._add("chu_ky", row)
        return "chu_ky"

    def _continues(self, row: Row, place: str | None) -> bool:
        text = row.text
        if place == "chu_ky":
            is_short = len(row.tokens) <= 8 and not ends_sentence(text)
            return (
                is_name(text)
                or text.isupper()
                or text.startswith(("(", "["))
                or (is_short and len(self.blocks[-1].rows) < 6)
            )
        if place == "gach_dau_dong":
            before = self.rows[self.at - 1].text
            return row.gap == "none" or ends_open(before) or (text[0].islower() and not ends_sentence(before))
        return False


def _split_signature(row: Row) -> tuple[Row | None, Row | None]:
    """(recipient, signature) of a line that may hold both: '- Ban Bí thư; THỦ TƯỚNG'."""
    for first in range(max(0, len(row.tokens) - 8), len(row.tokens)):
        tail = " ".join(token.text for token in row.tokens[first:])
        if len(tail) >= 6 and tail.isupper() and is_sign_off(fold(tail)):
            if first == 0:
                return None, row
            if row.tokens[first - 1].text[-1] in ";.:,)":
                return row.split(first)
    return row, None
