"""The document's provisions and metadata in; the metadata out, less sure, and with a notice, where the document states
its own number or date twice, and differently.

An annex repeats both: '(Ban hành kèm theo Quyết định số 12/QĐ-BYT ngày 3 tháng 4 năm 2020)'. Numbers
are written in by hand and read badly, and no context mends them; that two readings differ tells that one is wrong.
"""

import re
from dataclasses import replace

from pipeline.document import Field, Metadata, Notice, Provision
from pipeline.folding import fold

_NUMBER = re.compile(r"\bs[o6]\s?:?\s?(?P<number>[^\s/]{1,12}(?:/\d{4})?)\s?(?:/|-)\s?(?P<notation>[^\s,]+)")
_DATE = re.compile(r"ngay (?P<day>\S{1,4}) thang (?P<month>\S{1,4}) nam (?P<year>\d{4})")


DISPUTED = 0.5
"""Confidence, at most, of a value of which the document states another too."""


def held_against_itself(provisions: tuple[Provision, ...], metadata: Metadata) -> tuple[Metadata, tuple[Notice, ...]]:
    """At most one notice for the number and one for the date."""
    number, notation, issued = metadata.number, metadata.notation, metadata.issued_date
    for provision in provisions:
        plain = fold(provision.text) if provision.kind == "kem_theo" else ""
        cited = _NUMBER.search(plain)
        if not cited or (notation and fold(notation.value) != cited["notation"].rstrip(").")):
            continue
        notices = list[Notice]()
        if number and fold(number.value) != cited["number"]:
            message = f"Number {number.value} above the title, {cited['number']} in {provision.id}."
            notices.append(Notice("number_disagrees", message))
            metadata = replace(metadata, number=_disputed(number))
        date = _DATE.search(plain, cited.end())
        if issued and date and f"{date['year']}-{date['month']:0>2}-{date['day']:0>2}" != issued.value:
            stated = provision.text[date.start() : date.end()]
            message = f"Date {issued.value} above the title, '{stated}' in {provision.id}."
            notices.append(Notice("date_disagrees", message))
            metadata = replace(metadata, issued_date=_disputed(issued))
        return metadata, tuple(notices)
    return metadata, ()


def _disputed(field: Field) -> Field:
    return replace(field, confidence=min(field.confidence, DISPUTED))
