"""Which parent a case may have: no self, no loop, nobody who was merged, and not too many levels."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from relex.errors import InvalidValue, Rejected
from relex.service._case_events import CaseParentChanged
from relex.service._case_guards import require_flow, require_open_edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.service._case import Case
    from relex.service._case_flow import CaseFlow

__all__ = ["below", "children_of", "parented"]


def parented(
    case: Case, parent: Case | None, family: Iterable[Case], flow: CaseFlow, at: datetime
) -> tuple[CaseParentChanged, ...]:
    """A case comes under another one, or under none; nothing where it is there.

    Raises:
        InvalidValue: When a case above the parent is not in the family, so that nobody can tell.
        Rejected: `bad_parent`.
    """
    version = require_open_edit("set_parent", case, at)
    require_flow("set_parent", case, flow)
    to = None if parent is None else parent.id
    if to == case.parent:
        return ()
    if parent is not None:
        _require_parent(case, parent, family, flow.max_depth)
    return (CaseParentChanged(source=case.id, version=version, at=at, from_=case.parent, to=to),)


def _require_parent(case: Case, parent: Case, family: Iterable[Case], max_depth: int) -> None:
    by_id = {**{each.id: each for each in family}, case.id: case, parent.id: parent}
    if parent.id == case.id:
        raise _bad(case, parent, why="itself")
    line = [parent, *_above(parent, by_id)]
    if case.id in [each.id for each in line]:
        raise _bad(case, parent, why="cycle")
    merged = next((each for each in line if each.merged_into is not None), None)
    if merged is not None:
        raise _bad(case, parent, why="merged", merged=merged.id, into=merged.merged_into)
    depth = len(line) + len(below(case.id, children_of(by_id.values())))
    if depth > max_depth:
        raise _bad(case, parent, why="too_deep", depth=depth, max_depth=max_depth)


def _bad(case: Case, parent: Case, **details: object) -> Rejected:
    return Rejected("set_parent", "bad_parent", {"case": case.id, "parent": parent.id, **details})


def _above(case: Case, by_id: Mapping[str, Case]) -> list[Case]:
    """The cases above one, nearest first; a line that closes on itself ends where it does."""
    line: list[Case] = []
    passed = {case.id}
    found = case.parent
    while found is not None and found not in passed:
        if found not in by_id:
            raise InvalidValue("set_parent.family", tuple(by_id), f"also the case {found}, which is above the parent")
        passed.add(found)
        line.append(by_id[found])
        found = by_id[found].parent
    return line


def children_of(cases: Iterable[Case]) -> Mapping[str, list[str]]:
    """The ids of the cases right below each, sorted."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in cases:
        if each.parent is not None:
            found[each.parent].append(each.id)
    return {parent: sorted(ids) for parent, ids in found.items()}


def below(id: str, children: Mapping[str, list[str]]) -> list[list[str]]:  # noqa: A002 - the field's name everywhere in relex
    """The levels of a tree from a case down, itself on the first; each case is on one level only."""
    levels, passed = [[id]], {id}
    while True:
        level = [child for each in levels[-1] for child in children.get(each, ()) if child not in passed]
        if not level:
            return levels
        passed.update(level)
        levels.append(level)
