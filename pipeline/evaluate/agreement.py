"""Labels of a person and of the program in; how far they agree, and where they do not, out.

An item agrees as a whole or not at all; each item has at most one partner. Words that an engine never read are left out
of the person's places, so that no reading is asked for what it can't hold; an item of which no word was read is a miss.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from rapidfuzz import fuzz

from pipeline.folding import fold

from .gold import Aim, Labels, Limit, Node, Product, Reference, Role
from .places import Words

_LIKE_ENOUGH = 80.0
_SAME_PLACE = 0.5
_JUST = "equal"


@dataclass(frozen=True)
class Miss:
    """`what`: the item's name in the table; `at`: a word where it stands, None outside the true text."""

    what: str
    at: int | None
    expected: object
    came: object


@dataclass
class Agreement:
    """gold, found, right: numbers of items."""

    gold: int = 0
    found: int = 0
    right: int = 0
    misses: list[Miss] = field(default_factory=list)

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(
            self.gold + other.gold, self.found + other.found, self.right + other.right, self.misses + other.misses
        )

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else None


def agree(gold: Labels, found: Labels, read: Words) -> dict[str, Agreement]:
    """By name of the item. `read`: the true words that the text holds."""
    gold = _as_read(gold, read)
    nodes = gold.nodes, found.nodes
    tasks = tuple(map(Task, gold.tasks)), tuple(map(Task, found.tasks))
    limits = gold.limits, found.limits
    aims = gold.aims, found.aims
    references = gold.references, found.references
    return {
        "nodes": _pair("nodes", *nodes, _same_node, _start),
        "- kind": _pair("- kind", *nodes, lambda a, b: a.kind == b.kind, _start),
        "- marker": _pair("- marker", *nodes, lambda a, b: a.marker == b.marker, _start),
        "- parent": _pair("- parent", *nodes, lambda a, b: a.parent == b.parent, _start),
        "- span": _pair("- span", *nodes, _same_span, _start),
        "tasks": _pair("tasks", *tasks, lambda a, b: True, _task),
        "roles": _pair("roles", gold.roles, _once(found.roles), _same_role, _task),
        "deadlines": _pair("deadlines", *limits, _same_limit, _task),
        "- dates": _pair("- dates", *limits, _same_days, _task),
        "deliverables": _pair("deliverables", gold.products, found.products, _same_first, _task),
        "targets": _pair("targets", *aims, _same_aim),
        "- period and indicator": _pair("- period and indicator", *aims, _same_aim_throughout),
        "citations": _pair("citations", *references, _same_reference),
        "- issuer": _pair("- issuer", *references, _same_issuer),
    }


@dataclass(frozen=True)
class Task:
    """A unit that orders, by its first word; None where that was not read."""

    task: int | None

    @property
    def words(self) -> Words:
        return frozenset() if self.task is None else frozenset({self.task})


_Item = TypeVar("_Item", Node, Task, Role, Limit, Product, Aim, Reference)


def _pair(
    what: str,
    gold: Sequence[_Item],
    found: Sequence[_Item],
    same: Callable[[_Item, _Item], bool],
    key: Callable[[_Item], int | None] | None = None,
) -> Agreement:
    """Partners have the same key (a first word), or overlapping places; first come, first served."""
    result = Agreement(len(gold), len(found))
    waiting = list(found)
    lost: list[_Item] = []
    for item in gold:
        partner = next((other for other in waiting if _may_pair(item, other, key) and same(item, other)), None)
        if partner is None:
            lost.append(item)
        else:
            waiting.remove(partner)
            result.right += 1
    for item in lost:
        other = next((other for other in waiting if _may_pair(item, other, key)), None)
        if other is not None:
            waiting.remove(other)
        result.misses.append(Miss(what, min(item.words, default=None), item, other))
    result.misses += [Miss(what, min(other.words, default=None), None, other) for other in waiting]
    return result


def _may_pair(item: _Item, other: _Item, key: Callable[[_Item], int | None] | None) -> bool:
    if key is not None:
        return key(item) == key(other) and key(item) is not None
    return bool(item.words & other.words)


def _start(node: Node) -> int | None:
    return min(node.words, default=None)


def _task(item: Task | Role | Limit | Product) -> int | None:
    return item.task


def _same_node(mine: Node, other: Node) -> bool:
    facts = (mine.kind, mine.marker, mine.parent) == (other.kind, other.marker, other.parent)
    return facts and _same_span(mine, other)


def _same_span(mine: Node | Limit, other: Node | Limit) -> bool:
    """The same first and last word, and nothing foreign between; a word that was taken for dirt may lack."""
    if not mine.words or not other.words:
        return False
    ends = min(mine.words) == min(other.words) and max(mine.words) == max(other.words)
    return ends and other.words <= mine.words


def _same_limit(mine: Limit, other: Limit) -> bool:
    return _same_span(mine, other) and _same_days(mine, other)


def _same_place(first: Words, second: Words) -> bool:
    return len(first & second) >= _SAME_PLACE * len(first | second)


def _same_role(mine: Role, other: Role) -> bool:
    if mine.role != other.role:
        return False
    return mine.agency == other.agency if mine.agency else _same_place(mine.words, other.words)


def _once(roles: Iterable[Role]) -> tuple[Role, ...]:
    """An agency of the gazetteer counts once for a task and role, however often it is named."""
    first: dict[object, Role] = {}
    for role in roles:
        first.setdefault((role.task, role.role, role.agency or role.words), role)
    return tuple(first.values())


def _same_days(mine: Limit, other: Limit) -> bool:
    return (mine.start, mine.end) == (other.start, other.end)


def _same_first(mine: Product, other: Product) -> bool:
    return bool(mine.words) and min(mine.words) in other.words and min(other.words) in mine.words


def _same_aim(mine: Aim, other: Aim) -> bool:
    """Places overlap already; no comparator means just that value."""
    return (
        (mine.comparator or _JUST) == (other.comparator or _JUST)
        and _number(mine.value) == _number(other.value)
        and fold(mine.unit) == fold(other.unit)
    )


def _number(value: str) -> str:
    return re.sub(r"den|–|-", "-", re.sub(r"[\s%]", "", fold(value)))


def _same_aim_throughout(mine: Aim, other: Aim) -> bool:
    like = fuzz.ratio(fold(mine.indicator), fold(other.indicator)) >= _LIKE_ENOUGH
    return _same_aim(mine, other) and mine.years == other.years and like


def _same_reference(mine: Reference, other: Reference) -> bool:
    return (
        _same_place(mine.words, other.words)
        and (mine.type, mine.target) == (other.type, other.target)
        and _squeezed(mine.number) == _squeezed(other.number)
        and mine.date == other.date[: len(mine.date) or None]
    )


def _squeezed(number: str) -> str:
    return re.sub(r"\s", "", number).upper()


def _same_issuer(mine: Reference, other: Reference) -> bool:
    like = fuzz.partial_ratio(fold(mine.issuer), fold(other.issuer)) >= _LIKE_ENOUGH
    return _same_reference(mine, other) and (like if mine.issuer and other.issuer else mine.issuer == other.issuer)


def _as_read(gold: Labels, read: Words) -> Labels:
    """The labels without the words that were never read; first words of units move on to the first that was."""
    moved = {min(node.words): min(node.words & read, default=None) for node in gold.nodes}

    def at(word: int | None) -> int | None:
        return None if word is None else moved[word]

    return Labels(
        nodes=tuple(replace(n, words=n.words & read, parent=at(n.parent)) for n in gold.nodes),
        tasks=tuple(at(task) for task in gold.tasks),
        roles=tuple(replace(r, words=r.words & read, task=at(r.task)) for r in gold.roles),
        limits=tuple(replace(limit, words=limit.words & read, task=at(limit.task)) for limit in gold.limits),
        products=tuple(replace(p, words=p.words & read, task=at(p.task)) for p in gold.products),
        aims=tuple(replace(aim, words=aim.words & read) for aim in gold.aims),
        references=tuple(replace(r, words=r.words & read, target=at(r.target)) for r in gold.references),
    )
