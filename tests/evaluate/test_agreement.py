"""Agreement of labels: invented items, each difference must cost what it should and nothing else."""

from dataclasses import replace
from datetime import date

from pipeline.evaluate.agreement import Agreement, agree
from pipeline.evaluate.gold import Aim, Labels, Limit, Node, Product, Reference, Role


def _words(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last + 1))


ALL = _words(0, 99)
GOLD = Labels(
    nodes=(
        Node(_words(0, 4), "muc", "I", None),
        Node(_words(5, 20), "khoan", "1", 0),
        Node(_words(21, 40), "khoan", "2", 0),
    ),
    tasks=(5, 21),
    roles=(
        Role(5, "lead", "bo-y-te", _words(6, 8)),
        Role(5, "coordinating", "", _words(10, 13)),
        Role(21, "lead", "bo-noi-vu", _words(22, 24)),
    ),
    limits=(Limit(21, _words(30, 33), None, date(2021, 12, 15)),),
    products=(Product(21, _words(26, 29)),),
    aims=(Aim(_words(35, 37), "tỷ lệ che phủ rừng", "at_least", "42", "%", (2025,)),),
    references=(Reference(_words(14, 19), "quyet_dinh", "12/QĐ-UBND", "2020-02-01", "Ủy ban nhân dân", None),),
)


def _right(found: Labels, read: frozenset[int] = ALL) -> dict[str, tuple[int, int, int]]:
    return {name: (a.gold, a.found, a.right) for name, a in agree(GOLD, found, read).items()}


def test_the_same_labels_agree_wholly() -> None:
    for name, agreement in agree(GOLD, GOLD, ALL).items():
        assert agreement.f1 == 1.0, name
        assert not agreement.misses, name


def test_nothing_found_is_recall_nought_and_no_precision() -> None:
    for agreement in agree(GOLD, Labels(), ALL).values():
        assert (agreement.precision, agreement.recall, agreement.f1) == (None, 0.0, 0.0)
        assert len(agreement.misses) == agreement.gold


def test_all_invented_is_precision_nought() -> None:
    for agreement in agree(Labels(), GOLD, ALL).values():
        assert (agreement.precision, agreement.recall) == (0.0, None)


def test_an_unlabelled_kind_has_no_figure() -> None:
    assert agree(Labels(), Labels(), ALL)["nodes"].f1 is None


def test_each_fact_of_a_node_counts_alone_and_for_the_whole() -> None:
    first, second, third = GOLD.nodes
    changes = {
        "- kind": replace(second, kind="diem"),
        "- marker": replace(second, marker="l"),
        "- parent": replace(second, parent=None),
        "- span": replace(second, words=_words(5, 19)),
    }
    for fact, changed in changes.items():
        right = _right(replace(GOLD, nodes=(first, changed, third)))
        assert right["nodes"] == (3, 3, 2)
        assert {name: right[name][2] for name in changes} == {name: 2 if name == fact else 3 for name in changes}


def test_a_node_that_swallows_the_next_costs_both() -> None:
    merged = replace(GOLD.nodes[1], words=_words(5, 40))
    assert _right(replace(GOLD, nodes=(GOLD.nodes[0], merged)))["nodes"] == (3, 2, 1)


def test_a_running_head_within_a_node_is_wrong_but_a_lost_speck_is_not() -> None:
    gold = replace(GOLD.nodes[2], words=GOLD.nodes[2].words - {30, 31}, parent=None)
    labels = Labels(nodes=(gold,))
    assert agree(labels, Labels(nodes=(replace(gold, words=_words(21, 40)),)), ALL)["- span"].right == 0
    assert agree(labels, Labels(nodes=(replace(gold, words=gold.words - {25}),)), ALL)["- span"].right == 1


def test_words_that_were_never_read_are_not_asked_for() -> None:
    read = ALL - {5, 20, 21}
    found = replace(
        GOLD,
        nodes=(
            GOLD.nodes[0],
            replace(GOLD.nodes[1], words=_words(6, 19)),
            replace(GOLD.nodes[2], words=_words(22, 40)),
        ),
        tasks=(6, 22),
        roles=tuple(replace(role, task=6 if role.task == 5 else 22) for role in GOLD.roles),
        limits=(replace(GOLD.limits[0], task=22),),
        products=(replace(GOLD.products[0], task=22),),
    )
    assert all(a.f1 == 1.0 for a in agree(GOLD, found, read).values())


def test_a_unit_of_which_nothing_was_read_is_missed_with_its_task() -> None:
    right = _right(Labels(), ALL - GOLD.nodes[1].words)
    assert right["nodes"] == (3, 0, 0)
    assert right["tasks"] == (2, 0, 0)


def test_dirt_taken_for_text_is_a_node_too_many() -> None:
    dirt = Node(frozenset(), "doan", "", None)
    assert _right(replace(GOLD, nodes=(*GOLD.nodes, dirt)))["nodes"] == (3, 4, 3)


def test_an_agency_is_told_by_its_id_and_an_unknown_one_by_its_place() -> None:
    known, unknown, other = GOLD.roles
    moved = replace(known, words=_words(50, 52))
    named = replace(unknown, agency="so-y-te", words=_words(11, 13))
    far = replace(unknown, words=_words(13, 19))
    assert _right(replace(GOLD, roles=(moved, named, other)))["roles"] == (3, 3, 3)
    assert _right(replace(GOLD, roles=(known, far, other)))["roles"] == (3, 3, 2)
    assert _right(replace(GOLD, roles=(replace(known, agency="bo-quoc-phong"), unknown, other)))["roles"] == (3, 3, 2)


def test_a_role_is_right_only_as_that_role_of_that_task() -> None:
    known, unknown, other = GOLD.roles
    assert _right(replace(GOLD, roles=(replace(known, role="coordinating"), unknown, other)))["roles"] == (3, 3, 2)
    assert _right(replace(GOLD, roles=(replace(known, task=21), unknown, other)))["roles"] == (3, 3, 2)


def test_an_agency_named_twice_counts_once() -> None:
    again = replace(GOLD.roles[0], words=_words(18, 20))
    assert _right(replace(GOLD, roles=(*GOLD.roles, again)))["roles"] == (3, 3, 3)


def test_a_deadline_needs_its_words_and_its_days() -> None:
    limit = GOLD.limits[0]
    late = _right(replace(GOLD, limits=(replace(limit, end=date(2021, 12, 14)),)))
    assert (late["deadlines"][2], late["- dates"][2]) == (0, 0)
    short = _right(replace(GOLD, limits=(replace(limit, words=_words(31, 33)),)))
    assert (short["deadlines"][2], short["- dates"][2]) == (0, 1)


def test_a_target_needs_value_unit_and_comparator_then_period_and_indicator() -> None:
    aim = GOLD.aims[0]
    for wrong in (replace(aim, value="43"), replace(aim, unit="ha"), replace(aim, comparator="at_most")):
        assert _right(replace(GOLD, aims=(wrong,)))["targets"] == (1, 1, 0)
    for wrong in (replace(aim, years=(2030,)), replace(aim, indicator="số hộ nghèo")):
        right = _right(replace(GOLD, aims=(wrong,)))
        assert (right["targets"][2], right["- period and indicator"][2]) == (1, 0)


def test_ranges_and_unstated_comparators_have_one_form() -> None:
    gold = Labels(aims=(Aim(_words(0, 3), "x", "equal", "40-45", "%", ()),))
    for value in ("40 - 45", "40% – 45", "40 đến 45"):
        found = Labels(aims=(Aim(_words(1, 4), "x", "", value, "%", ()),))
        assert agree(gold, found, ALL)["targets"].right == 1, value


def test_a_citation_needs_type_number_day_and_target() -> None:
    reference = GOLD.references[0]
    spaced = replace(reference, number="12 /qđ-ubnd")
    assert _right(replace(GOLD, references=(spaced,)))["citations"][2] == 1
    for wrong in (
        replace(reference, type="nghi_quyet"),
        replace(reference, number="12/QĐ-UBN"),
        replace(reference, date="2020-02-02"),
        replace(reference, target=0),
        replace(reference, words=_words(19, 30)),
    ):
        assert _right(replace(GOLD, references=(wrong,)))["citations"] == (1, 1, 0)
    nameless = _right(replace(GOLD, references=(replace(reference, issuer=""),)))
    assert (nameless["citations"][2], nameless["- issuer"][2]) == (1, 0)


def test_a_citation_split_in_two_is_one_right_at_most() -> None:
    reference = GOLD.references[0]
    halves = (replace(reference, words=_words(14, 16)), replace(reference, words=_words(17, 19)))
    assert _right(replace(GOLD, references=halves))["citations"] == (1, 2, 1)


def test_a_miss_tells_what_was_expected_and_what_came() -> None:
    changed = replace(GOLD.nodes[1], kind="diem")
    (miss,) = agree(GOLD, replace(GOLD, nodes=(GOLD.nodes[0], changed, GOLD.nodes[2])), ALL)["nodes"].misses
    assert (miss.what, miss.at, miss.expected, miss.came) == ("nodes", 5, GOLD.nodes[1], changed)


def test_agreements_add_up() -> None:
    both = Agreement(10, 8, 6) + Agreement(0, 2, 0)
    assert (both.precision, both.recall, both.f1) == (0.6, 0.6, 0.6)
