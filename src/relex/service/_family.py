"""A case with those below it: what a parent may ask about its children, and closing all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import Rejected
from relex.service._case import Case
from relex.service._case_flow import DEFAULT_FLOW
from relex.service._tree import below, children_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.changes import Change
    from relex.service._case_flow import CaseFlow

__all__ = ["close_tree", "family_facts"]

_CASE = _checks.a(Case)
_CASES = _checks.each(_CASE)
_NONE: Mapping[str, Any] = {}


def family_facts(case: Case, family: Iterable[Case]) -> dict[str, int]:
    """What a requirement may ask about the cases below one, to be given with a command as `facts`.

    Args:
        case: The one above.
        family: Those that may be below it, in any order; others do no harm.

    Returns:
        `open_children`: how many cases right below it are not closed. A resolved case is not closed.

    Raises:
        InvalidValue: For a wrong type.

    Example:
        >>> from datetime import datetime, timezone
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> parent, _ = Case.open("c1", customer="k7", at=noon)
        >>> child, _ = Case.open("c2", customer="k7", parent="c1", at=noon)
        >>> family_facts(parent, [child])
        {'open_children': 1}

    .. versionadded:: 0.1.0
    """
    _CASE.require("family_facts.case", case)
    by_id = _by_id("family_facts.family", case, family)
    return _facts([each for each in by_id.values() if each.parent == case.id and each.id != case.id])


def _by_id(path: str, case: Case, family: Iterable[Case]) -> dict[str, Case]:
    others = _checks.items(path, family)
    _CASES.require(path, others)
    return {**{each.id: each for each in others}, case.id: case}


def _facts(children: Iterable[Case]) -> dict[str, int]:
    return {"open_children": sum(each.kind != "closed" for each in children)}


def close_tree(
    case: Case,
    descendants: Iterable[Case],
    *,
    at: datetime,
    cascade: bool = False,
    flow: CaseFlow = DEFAULT_FLOW,
    reason: str | None = None,
    note: str | None = None,
    facts: Mapping[str, Any] = _NONE,
) -> tuple[Change[Case], ...]:
    """Close a case, and with `cascade` every case below it that is not closed yet: all of them or none.

    The lowest are closed first, so a requirement that all children are closed (`open_children`, of `family_facts`,
    which are given to every requirement here) is met by the cascade itself. Save all changes together.

    Args:
        case: The one above.
        descendants: Those that may be below it, in any order; others are left alone.
        at: When.
        cascade: Whether those below are closed too; without it they are left as they are.
        flow: The definition of all of them.
        reason: Why, for each.
        note: More about it, for each.
        facts: The application's own facts, for the requirements.

    Returns:
        A change for each case that was not closed before, the lowest first and the case itself last.

    Raises:
        InvalidValue: For a wrong type, or a flow that is not that of a case.
        Rejected: What refused to close one of them, with its id as `case` in the details; nothing is closed then.

    Example:
        >>> from datetime import datetime, timezone
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> parent, _ = Case.open("c1", customer="k7", at=noon)
        >>> child, _ = Case.open("c2", customer="k7", parent="c1", at=noon)
        >>> [change.state.id for change in close_tree(parent, [child], at=noon, cascade=True)]
        ['c2', 'c1']

    .. versionadded:: 0.1.0
    """
    _CASE.require("close_tree.case", case)
    by_id = _by_id("close_tree.descendants", case, descendants)
    _checks.flag.require("close_tree.cascade", cascade)
    children = children_of(by_id.values())
    levels = below(case.id, children) if cascade else [[case.id]]
    said: dict[str, Any] = {"at": at, "flow": flow, "reason": reason, "note": note}
    changes = []
    for id in [id for level in reversed(levels) for id in level]:  # noqa: A001 - the field's name everywhere in relex
        own = _facts([by_id[child] for child in children.get(id, ())])
        change = _closed(by_id[id], {**own, **facts}, said)
        by_id[id] = change.state
        changes.append(change)
    return tuple([change for change in changes if change.events])


def _closed(case: Case, facts: Mapping[str, Any], said: Mapping[str, Any]) -> Change[Case]:
    try:
        return case.close(facts=facts, **said)
    except Rejected as error:
        raise Rejected("close_tree", error.reason, {"case": case.id, **error.details}) from None
