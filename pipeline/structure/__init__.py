"""Source and Restoration in; Structure out: the tree of the document over its restored text.

Kinds beside those of the outline (phan, chuong, muc, tieu_muc, dieu, khoan, diem, gach_dau_dong, doan, phu_luc), after
Decree 30/2020/NĐ-CP, Appendix I:
quoc_hieu (national title), tieu_ngu (motto), co_quan (issuing body, above the number and again above the legal bases),
so_ky_hieu (number and notation), dia_danh_ngay (place and date), loai_van_ban (document type), trich_yeu (subject),
kinh_gui (addressees), can_cu (a legal basis), lenh_ban_hanh ('QUYẾT NGHỊ:'), kem_theo ('(Ban hành kèm theo ...)'),
noi_nhan (recipients; each is a gach_dau_dong under it), chu_ky (signature), do_khan_mat ('HỎA TỐC', 'MẬT'). van_ban is
a further document in the file. A component is one provision, whatever lines of the other column were read between its
own. chu_thich is a footnote, after the paragraph during which it stands.

What is issued with the document - an annex, a programme, a regulation - is a phu_luc with an outline of its own. A form
('Mẫu số 2') is a phu_luc in the one that is open. What an amending document quotes are paragraphs of the unit that
quotes it: quoted numbers count nowhere.

Parents. A marker closes what is open at its level or below; what stays open is its parent. A paragraph stands under the
unit that is open, never under a bullet; after the last item of a list ('a) ...; b) ....') under what holds the list;
after the mark './.' or the signature, which close a document, under none.

Titles. `heading` is the text once more where that is a title: always for phan, chuong, muc, tieu_muc and phu_luc; for a
dieu, khoan or diem over units of its own if it ends like no sentence, or as a title where most of its siblings are; for
a doan in capitals. The text keeps the title, so that the texts in order are the document.

Doubts. What is damaged is mended where numbering leaves one reading (`marker_repaired`, with less confidence); what
could be a bullet that lost its dash stays a paragraph (`bullet_perhaps_lost`); text after './.' is kept and reported
(`text_after_end`), like gaps in numbering and a number or date that the document states twice and differently.

Ids are paths of markers. A bullet is named by its order among the bullets of its parent ('II/9/2'), a paragraph
'doan-1', a worded division 'chuong-I', 'dieu-3'; an annex opens its path with 'phu-luc', so that its 'I/1' is not the
document's 'I/1'. Where a name comes again under one parent, the second is marked '~2'. Nothing in an id depends on what
comes later.
"""

from pipeline.document import Restoration, Source, Structure, Uncovered
from pipeline.structure.agreement import held_against_itself
from pipeline.structure.assemble import assemble
from pipeline.structure.blocks import read_blocks
from pipeline.structure.lines import Reason, read_rows
from pipeline.structure.metadata import read_metadata
from pipeline.structure.notes import insert_notes, split_notes
from pipeline.structure.oddities import oddities, pages_out_of_order
from pipeline.structure.outline import build
from pipeline.structure.tables import with_tables, without_tables

_ASIDE: dict[str | None, Reason] = {"speck": "speck", "running_head": "running_head"}


def structure(source: Source, restoration: Restoration) -> Structure:
    """The document's tree, with every character of the raw text in one provision or set aside."""
    whole = _outline(*without_tables(source, restoration))
    return with_tables(whole, source, restoration)


def _outline(source: Source, restoration: Restoration) -> Structure:
    rows, aside = read_rows(source, restoration)
    body, notes = split_notes(rows)
    blocks = insert_notes(read_blocks(body), notes)
    for block in blocks:
        if block.kind in _ASIDE:
            aside += [Uncovered((row.raw_start, row.raw_end), _ASIDE[block.kind]) for row in block.rows]
    outline = build([block for block in blocks if block.kind not in _ASIDE])
    whole = assemble(outline, source.raw, aside)
    metadata, attachments = read_metadata(whole)
    metadata, disputes = held_against_itself(whole.provisions, metadata)
    notices = (
        *outline.notices,
        *oddities(whole.provisions),
        *pages_out_of_order(source, whole.uncovered),
        *disputes,
    )
    return Structure(
        whole.text, whole.offsets, metadata, whole.provisions, whole.uncovered, whole.gaps, notices, attachments
    )
