"""Words in; do they open with a verb of duty? The verbs are in `data/verbs.csv`."""

import re
from functools import cache
from importlib import resources

from rapidfuzz.distance import Levenshtein

from pipeline.folding import fold

_SKIPPED = re.compile(
    r"(?:\(?[ivx\d]{1,4}\) |(?:co ban|chi|tiep tuc|tung buoc|kip thoi|nhanh chong|som|kien quyet|thuong xuyen|chu dong"
    r"|tich cuc|tap trung|dong thoi|truoc mat|nghiem tuc|khan truong|cung|truc tiep|dinh ky|tang cuong|quyet liet"
    r"|hang nam|thuc hien tot|ngay|phai|can),? )"
)
LEAD_IN = re.compile(
    r"(?:can cu|tren co so|theo|de|trong|truoc|dinh ky|hang (?:nam|quy|thang)|den|giai doan|khi|sau khi|ngoai"
    r"|ben canh|dong thoi|cung voi|thong qua|voi|tu (?:nam|nay|ngay)|quy|thang|nam|cuoi nam|dau nam|ngay|kip thoi|som"
    r"|doi voi|ve|nham|truong hop|sau|cham nhat)[ ,]"
)
"""What may stand before the subject or the verb, and is parted from it by a comma."""


def opens_with_verb(words: str) -> bool:
    """Adverbs and '(i)' before the verb are passed over."""
    start, skipped = 0, _SKIPPED.match(fold(words[:40]))
    while True:
        if _is_verb(words[start : start + 60]):
            return True
        if not skipped:
            return False
        start += skipped.end()
        skipped = _SKIPPED.match(fold(words[start : start + 40])) if start < 60 else None


def _is_verb(words: str) -> bool:
    """'Vận hành của hệ thống' names a thing: what a verb's own word for its doing is followed by 'của'."""
    first = [word.strip(".;:()") for word in words.lower().replace(",", "").split()[:4]]
    if not first:
        return False
    phrases = [fold(" ".join(first[:count])) for count in (2, 3)]
    length = next((n for n, phrase in enumerate(phrases, 2) if phrase in _verbs() or _is_damaged_verb(phrase)), 0)
    length = length or int(first[0] in _verbs())
    return bool(length) and first[length : length + 1] != ["của"]


@cache
def _verbs() -> frozenset[str]:
    """Those of one syllable with their accents ('giao' is not 'giáo'), longer ones without."""
    table = resources.files("pipeline.tasks") / "data" / "verbs.csv"
    verbs = table.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(verb if " " not in verb else fold(verb) for verb in verbs)


@cache
def _is_damaged_verb(phrase: str) -> bool:
    """'t chuc' for 'to chuc': one letter of a verb of several syllables is lost."""
    return any(
        " " in verb and len(verb) == len(phrase) + 1 and Levenshtein.distance(verb, phrase, score_cutoff=1) <= 1
        for verb in _verbs()
        if verb[-3:] == phrase[-3:]
    )
