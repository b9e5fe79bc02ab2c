"""Trees and merges of cases: SV-29, SV-30 and SV-31.

Sources: BottleCRM's tests of `parent_guards`, of closing a parent with its children, and of merging.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relex.errors import Rejected
from relex.service import Case, CaseClosed, CaseMerged, close_tree

MONDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


def case_of(name: str, parent: str | None = None) -> Case:
    return Case.open(name, customer="k7", parent=parent, at=MONDAY).state


ONE = case_of("one")
TWO = case_of("two", "one")
THREE = case_of("three", "two")
MERGED = case_of("merged").merge_into(ONE, at=MONDAY).state


@pytest.mark.parametrize(
    ("case", "parent", "why"),
    [
        pytest.param(ONE, ONE, "itself", id="itself"),
        pytest.param(ONE, THREE, "cycle", id="a cycle"),
        pytest.param(case_of("four"), THREE, "too_deep", id="depth 4"),
        pytest.param(case_of("four"), MERGED, "merged", id="under a merged case"),
    ],
)
def test_sv_29_a_bad_parent(case: Case, parent: Case, why: str) -> None:
    """SV-29, BottleCRM `parent_guards`: no self, no cycle, no depth of 4, not under a merged case."""
    with pytest.raises(Rejected) as refused:
        case.set_parent(parent, [ONE, TWO, THREE, MERGED], at=MONDAY)

    assert ("bad_parent", why) == (refused.value.reason, refused.value.details["why"])


def test_sv_29_depth_three() -> None:
    """SV-29, BottleCRM `parent_guards`: a depth of 3 is allowed."""
    case, _ = case_of("four").set_parent(TWO, [ONE, TWO, THREE], at=MONDAY)

    assert case.parent == "two"


def test_sv_30_children_are_left() -> None:
    """SV-30, BottleCRM: closing a parent without the cascade leaves its children as they are."""
    changes = close_tree(ONE, [case_of("a", "one"), case_of("b", "one")], at=MONDAY)

    assert [change.state.id for change in changes] == ["one"]


def test_sv_30_children_are_closed() -> None:
    """SV-30, BottleCRM: with the cascade the open child is closed, and the one closed already is skipped."""
    closed = case_of("a", "one").close(at=MONDAY).state

    child, parent = close_tree(ONE, [closed, case_of("b", "one")], at=MONDAY, cascade=True)

    assert (child.state.id, child.state.kind, parent.state.id) == ("b", "closed", "one")
    assert sum(isinstance(event, CaseClosed) for event in child.events) == 1


def test_sv_30_one_event() -> None:
    """SV-30, BottleCRM: the child gets one event; where it was resolved before, since closing resolves too."""
    resolved = case_of("b", "one").resolve(at=MONDAY).state

    child, _ = close_tree(ONE, [case_of("a", "one").close(at=MONDAY).state, resolved], at=MONDAY, cascade=True)

    assert [type(event) for event in child.events] == [CaseClosed]


A, B, C, D = map(case_of, "ABCD")
A_IN_B = A.merge_into(B, at=MONDAY)


def test_sv_31_merged() -> None:
    """SV-31, BottleCRM merge tests: A into B."""
    (event,) = A_IN_B.events

    assert isinstance(event, CaseMerged)
    assert (A_IN_B.state.merged_into, A_IN_B.state.status) == ("B", "duplicate")


def test_sv_31_again() -> None:
    """SV-31, BottleCRM merge tests: A into B again gives no event."""
    assert A_IN_B.state.merge_into(B, at=MONDAY) == (A_IN_B.state, ())


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        pytest.param(A_IN_B.state, C, "already_merged", id="A into C"),
        pytest.param(B, B, "bad_target", id="B into B"),
        pytest.param(D, A_IN_B.state, "bad_target", id="D into A"),
    ],
)
def test_sv_31_refused(source: Case, target: Case, reason: str) -> None:
    """SV-31, BottleCRM merge tests: another target, itself, and a target that was merged."""
    with pytest.raises(Rejected) as refused:
        source.merge_into(target, at=MONDAY)

    assert reason == refused.value.reason
