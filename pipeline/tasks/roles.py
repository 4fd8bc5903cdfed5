"""A provision and the agencies named in it in; who acts, with whom, and where the words about what to do begin, out."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.document import AgencyMention, Provision, Span
from pipeline.folding import UPPER, fold
from pipeline.tasks.verbs import LEAD_IN, opens_with_verb

Agencies = tuple[AgencyMention, ...]

ORDERS = re.compile(
    r"(?:thong nhat |dong y )?(?:giao(?: cho| nhiem vu cho)?|phan cong|uy quyen cho|de nghi|yeu cau|khuyen khich"
    r"|doi voi|trach nhiem cua|nhiem vu(?:,? (?:va )?quyen han)? cua) "
)
_ORDER_INSIDE = re.compile(r"(?<![^\W_])(?:de nghi|yeu cau|giao(?: cho)?|phan cong|khuyen khich) ")
_ADDRESSED = re.compile(r"\s*(?:[:,;.]|$|(?:thi|can|phai) )")
MUST = r"can(?! (?:cu|thiet|bang)(?! the)(?![^\W_]))"
DUTY = (
    rf"(?:co trach nhiem|chiu trach nhiem|chu tri|chu dong|{MUST}|phai|khan truong|tap trung|tiep tuc|to chuc"
    rf"|nghiem tuc"
    r"|thuc hien|can cu|theo chuc nang|trong pham vi|quan triet|theo tham quyen|theo nhiem vu)"
)
_SUBJECT_DUTY = re.compile(rf"(?: khac| co lien quan| lien quan)*,? {DUTY}(?![^\W_])")
_MOST_SUBJECTS = 30
_COORDINATE = re.compile(
    r"(?:(?:phoi|ket) hop(?: chat che| thuong xuyen| dong bo| hieu qua|,)*(?: voi| cung(?: voi)?)?|cung(?: voi)?"
    r"|voi su (?:tham gia|phoi hop)(?: chat che)? cua|(?:co quan |don vi )?phoi hop\s?:) "
)
_HOST = re.compile(r"(?:(?<![^\W_])do|\bgiao|chu tri\s?:) $")
_HOST_DUTY = re.compile(
    r"[\s,]*(?:lam (?:co quan )?(?:dau moi|chu tri)|la (?:co quan )?(?:chu tri|dau moi)|chu tri|dau moi)"
)
_BRACKETED = re.compile(r"\((?:do )?$")
_JOINT = re.compile(
    r"[\s,;]*(?:va|cung|cung voi|cac|voi|hoac)?[\s,;]*(?:va )?(?:cac )?(?:(?:bo|so|co quan"
    r"|don vi)\s?:\s?)?(?:dong chi )?"
)
_EACH = re.compile(r"(?: co lien quan| lien quan| khac| tinh, thanh pho)?(?: \([^)]{1,60}\))?")
_CLAUSE = re.compile(r"(?:^|[,;.:] )(?:\(?(?:[ivx]+|\d+)\) )?(?=\S)")
_UNNAMED = re.compile(
    r"(?:cac )?(?:co quan|hoi dong|to cong tac|ban chi dao|ban to chuc|doan kiem tra)"
    r"(?! (?:nay|do|tren|chuc nang|, don vi))(?P<rest>(?: [^\W\d_]+){1,9})"
)
_NAMED = re.compile(
    rf"(?P<body>(?!(?:Người|Cá nhân|Doanh nghiệp|Nhà) )[{UPPER}]\w+(?: (?!(?:có|phải|cần|là"
    rf"|được)\b)[^\s,;.:]+){{1,14}}?)"
    r"(?= (?:có trách nhiệm|chịu trách nhiệm|chủ trì|tiếp tục|phối hợp với|chủ động)\b)"
)
_WITHIN = re.compile(r" (?:tai|cua|o|trong|tren|giua) (?:cac )?$")
_BODIES = (
    r"(?:cac )?(?:co quan|to chuc|don vi|hiep hoi|hoi|vien|truong|trung tam|quy|cong ty|ngan hang|tap doan"
    r"|doanh nghiep)"
)
_BETWEEN = re.compile(
    rf"[\s,;]*(?:va )?(?P<body>{_BODIES}(?: [^\W\d_]+){{1,9}}?)(?=,? va (?:cac )?$|, (?:cac )?$| va $)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """`plain`: the text folded; `action`: the offset in it from which it says what is to be done.

    `addressed`: the text opens with an order to `lead` ('Giao Bộ Y tế ...').
    """

    provision: Provision
    plain: str
    lead: Agencies
    coordinating: Agencies
    action: int
    addressed: bool = False

    @property
    def words(self) -> str:
        """What is to be done, folded."""
        return self.plain[self.action :].lstrip(" ,:")

    @property
    def spoken(self) -> str:
        """What is to be done, as written."""
        return self.provision.text[self.action :].lstrip(" ,:")


def read_roles(provision: Provision, mentions: Agencies) -> Reading:
    """The agencies of one provision by role. Offsets of `mentions` are the document's."""
    return _Roles(provision, mentions).reading()


class _Roles:
    """Reads one provision; offsets are those of its text."""

    def __init__(self, provision: Provision, mentions: Agencies) -> None:
        self.provision, self.text, self.base = provision, provision.text, provision.span[0]
        self.plain = fold(provision.text)
        self.mentions = tuple(_moved(mention, -self.base) for mention in mentions)

    def reading(self) -> Reading:
        coordinating = self._coordinating()
        partners = {mention.span for mention in coordinating}
        self.mentions = tuple(mention for mention in self.mentions if mention.span not in partners)
        lead, at = self._addressed()
        addressed = bool(lead and ORDERS.match(self.plain))
        if not lead:
            lead = self._hosts()
        if not lead:
            later = (self._subject(), self._unnamed(), self._ordered_inside())
            lead, at = min((found for found in later if found[0]), key=lambda found: found[1], default=((), 0))
        unique = {mention.agency_id or mention.raw: mention for mention in reversed(lead)}
        lead = tuple(sorted(unique.values(), key=lambda mention: mention.span))
        return Reading(
            self.provision,
            self.plain,
            tuple(_moved(mention, self.base) for mention in lead),
            tuple(_moved(mention, self.base) for mention in coordinating),
            at,
            addressed,
        )

    def _chain(self, at: int) -> tuple[Agencies, int]:
        """The agencies named one after another from `at`, unknown ones among them, and where the chain ends."""
        chain: list[AgencyMention] = []
        first = bisect_left(self.mentions, at, key=lambda mention: mention.span[0])
        for mention in islice(self.mentions, first, None):
            start, end = mention.span
            joint = _JOINT.match(self.plain, at)
            if joint is None or joint.end() < start:
                between = _BETWEEN.fullmatch(self.plain, at, start) if chain else None
                between = between or (_BETWEEN.match(self.plain[at:start]) if chain and start - at < 90 else None)
                if not between or between.end() + 8 < start - at:
                    break
                chain.append(self._mention((at + between.start("body"), at + between.end("body"))))
            chain.append(mention)
            more = _EACH.match(self.plain, end)
            at = more.end() if more else end
        return tuple(chain), at

    def _mention(self, span: Span) -> AgencyMention:
        return AgencyMention(self.text[slice(*span)], None, None, 0.0, span)

    def _addressed(self) -> tuple[Agencies, int]:
        """'Giao Bộ Y tế ...', 'Đối với các địa phương: ...', 'Bộ Y tế ...', 'Chính phủ yêu cầu Bộ Y tế ...'."""
        order = ORDERS.match(self.plain)
        lead, at = self._chain(order.end() if order else 0)
        if order and order.group().startswith("doi voi"):
            if not lead:
                body = re.compile(rf"(?P<body>{_BODIES}[^:;.]{{3,90}}?)(?=\s?:\s*$)").match(self.plain, order.end())
                lead, at = ((self._mention(body.span("body")),), body.end()) if body else ((), 0)
            known = any(mention.agency_id for mention in lead)
            if not _ADDRESSED.match(self.plain, at) or not (known or self.plain[at:].strip(" :") == ""):
                return (), 0
        elif not order and lead and not any(mention.agency_id for mention in lead) and not self._acts(at):
            return (), 0
        passed_on = ORDERS.match(self.plain, at + 1) if lead and not order else None
        asked, end = self._chain(passed_on.end()) if passed_on else ((), 0)
        if asked:
            return asked, end
        return (lead, at) if lead else ((), 0)

    def _acts(self, at: int) -> bool:
        """Does what stands there say what the agency before it is to do?"""
        return bool(
            _ADDRESSED.match(self.plain, at)
            or _SUBJECT_DUTY.match(self.plain, at)
            or opens_with_verb(self.text[at:].lstrip(" ,"))
        )

    def _coordinating(self) -> Agencies:
        """Who is named after 'phối hợp với'; not who stands before it: 'Bộ A, Bộ B phối hợp ...' lead both."""
        found: dict[Span, AgencyMention] = {}
        for match in _COORDINATE.finditer(self.plain):
            chain, _ = self._chain(match.end())
            if not chain:
                body = _UNNAMED.match(self.plain, match.end())
                end = self._before_verb(body) if body else None
                chain = (self._mention((match.end(), end)),) if end else ()
            found |= {mention.span: mention for mention in chain}
        return tuple(found.values())

    def _hosts(self) -> Agencies:
        """'... do Bộ Y tế chủ trì', '(Bộ Y tế chủ trì)', 'Cơ quan chủ trì: Bộ Y tế'."""

        def hosts() -> Iterator[AgencyMention]:
            for mention in self.mentions:
                start, end = mention.span
                before = _HOST.search(self.plain, max(0, start - 24), start)
                before = before or _BRACKETED.search(self.plain, max(0, start - 5), start)
                if before and (before.group().endswith(": ") or _HOST_DUTY.match(self.plain, end)):
                    yield mention

        return tuple(hosts())

    def _subject(self) -> tuple[Agencies, int]:
        """'Khi có mưa lớn, Bộ Y tế và các địa phương cần ...': the subject of a clause that states a duty."""
        last = 0
        for mention in self.mentions[:_MOST_SUBJECTS]:
            start, end = mention.span
            joint = _JOINT.match(self.plain, last)
            alone = not last or joint is None or joint.end() < start
            last = 0 if alone and _WITHIN.search(self.plain, max(0, start - 8), start) else end
            if alone and (not start or self.plain[:start].endswith((", ", ": ", "; ", ". ", ", cac ", ": cac "))):
                chain, at = self._chain(start)
                if self._acts(at):
                    return chain, at
        return (), 0

    def _unnamed(self) -> tuple[Agencies, int]:
        """'..., cơ quan bảo hiểm xã hội chi trả': a body that the gazetteer can't know."""
        sentence = 0
        named = _NAMED.match(self.text)
        if named and any(word[:1].isupper() for word in named["body"].split()[1:3]) and not opens_with_verb(self.text):
            return (self._mention(named.span("body")),), named.end()
        for clause in _CLAUSE.finditer(self.plain):
            if not clause.group().startswith(","):
                sentence = clause.end()
            elif not LEAD_IN.match(self.plain, sentence):
                continue
            body = _UNNAMED.match(self.plain, clause.end())
            end = self._before_verb(body) if body else None
            if end and all(mention.span[0] != clause.end() for mention in self.mentions):
                return (self._mention((clause.end(), end)),), end
        return (), 0

    def _before_verb(self, body: re.Match[str]) -> int | None:
        """Where the name ends and what it does begins."""
        for word in re.finditer(r" (?!quy dinh |theo |noi )", body["rest"]):
            at = body.start("rest") + word.start()
            if word.start() and (_SUBJECT_DUTY.match(self.plain, at) or opens_with_verb(self.text[at:].lstrip())):
                return at
        return None

    def _ordered_inside(self) -> tuple[Agencies, int]:
        """'..., Bộ Nội vụ đề nghị các cơ quan rà soát': those who are asked, and where what they are asked begins."""
        for match in _ORDER_INSIDE.finditer(self.plain):
            lead, at = self._chain(match.end())
            if lead:
                return lead, at
        return (), 0


def _moved(mention: AgencyMention, by: int) -> AgencyMention:
    return replace(mention, span=(mention.span[0] + by, mention.span[1] + by))
