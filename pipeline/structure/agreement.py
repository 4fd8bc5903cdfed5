"""The document's provisions and metadata in; notices out where it states its own number or date twice, and differently.

An annex repeats both: '(Ban hành kèm theo Quyết định số 12/QĐ-BYT ngày 3 tháng 4 năm 2020)'. Numbers
are written in by hand and read badly, and no context mends them; that two readings differ tells that one is wrong.
"""

import re
from collections.abc import Iterator

from pipeline.document import Metadata, Notice, Provision
from pipeline.folding import fold

_NUMBER = re.compile(r"\bs[o6]\s?:?\s?(?P<number>[^\s/]{1,12}(?:/\d{4})?)\s?(?:/|-)\s?(?P<notation>[^\s,]+)")
_DATE = re.compile(r"ngay (?P<day>\S{1,4}) thang (?P<month>\S{1,4}) nam (?P<year>\d{4})")


def disagreements(provisions: tuple[Provision, ...], metadata: Metadata) -> Iterator[Notice]:
    """At most one notice for the number and one for the date."""
    own = metadata.number, metadata.notation, metadata.issued_date
    number, notation, issued = (field.value if field else None for field in own)
    for provision in provisions:
        plain = fold(provision.text) if provision.kind == "kem_theo" else ""
        cited = _NUMBER.search(plain)
        if not cited or (notation and fold(notation) != cited["notation"].rstrip(").")):
            continue
        if number and fold(number) != cited["number"]:
            yield Notice("number_disagrees", f"Number {number} above the title, {cited['number']} in {provision.id}.")
        date = _DATE.search(plain, cited.end())
        if issued and date and f"{date['year']}-{date['month']:0>2}-{date['day']:0>2}" != issued:
            stated = provision.text[date.start() : date.end()]
            yield Notice("date_disagrees", f"Date {issued} above the title, '{stated}' in {provision.id}.")
        return
