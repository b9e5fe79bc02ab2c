"""A case with those below it: what a parent may ask about its children, and closing all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._flow import given_facts
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


def close_tree(  # noqa: PLR0913 - all that may be said of an end
    case: Case,
    descendants: Iterable[Case],
    *,
    at: datetime,
    cascade: bool = False,
    flow: CaseFlow = DEFAULT_FLOW,
    reason: str | None = None,
    note: str | None = None,
    code: str | None = None,
    by: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> tuple[Change[Case], ...]:
    """Close a case, and with `cascade` every case below it that is not closed yet: all of them or none.

    The lowest are closed first, and each requirement is asked with the `family_facts` of that moment, so one that all
    children are closed is met by the cascade itself. Save all changes together.

    Args:
        case: The one above.
        descendants: Those that may be below it, in any order; others are left alone.
        at: When.
        cascade: Whether those below are closed too; without it they are left as they are.
        flow: The definition of all of them.
        reason: Why, for each.
        note: More about it, for each.
        code: How it was solved, for each that was not resolved before.
        by: Who says so.
        facts: The application's own facts, for the requirements.

    Returns:
        A change for each case that was not closed before, the lowest first and the case itself last.

    Raises:
        InvalidValue: For a wrong type, a flow that is not that of a case, or a fact with the name of a family fact.
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
    said: dict[str, Any] = {"at": at, "flow": flow, "reason": reason, "note": note, "code": code, "by": by}
    changes = []
    for id in [id for level in reversed(levels) for id in level]:  # noqa: A001 - the field's name everywhere in relex
        if by_id[id].kind == "closed" and id != case.id:
            continue
        own = _facts([by_id[child] for child in children.get(id, ())])
        known = own if facts is None else given_facts(dict(own), facts, own, "close_tree.facts")
        change = _closed(by_id[id], known, said)
        by_id[id] = change.state
        changes.append(change)
    return tuple([change for change in changes if change.events])


def _closed(case: Case, facts: Mapping[str, Any], said: Mapping[str, Any]) -> Change[Case]:
    try:
        return case.close(facts=facts, **said)
    except Rejected as error:
        raise Rejected("close_tree", error.reason, {"case": case.id, **error.details}) from None
