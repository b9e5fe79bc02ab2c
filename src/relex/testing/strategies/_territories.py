"""Territories, trees of them, and what is decided by hand about an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.pipeline import Territory, TerritoryMembership, TerritoryTree
from relex.testing.strategies._basics import either, ids, instants, named, texts, words
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "territories", "territory_memberships", "territory_trees"]

_RULES = st.none() | rules()


def territories(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    parent: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[Territory]:
    """Single territories; their rules ask about `facts()`. Shrinks to a root without a rule.

    Args:
        id: The id, or what ids are drawn from.
        parent: The id of the parent, or what such ids are drawn from; by default none.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        lambda own, above, more: Territory(own, above, **more),
        either("territories.id", id, _checks.text, ids()),
        either("territories.parent", parent, _checks.text, st.none()),
        _MORE,
    )


_MORE = st.fixed_dictionaries(
    {},
    optional={
        "when": _RULES,
        "inherited_by_children": st.booleans(),
        "owners": st.lists(ids(), max_size=3, unique=True),
        "rank": st.integers(-2, 3),
        "name": st.none() | texts(),
    },
)


def territory_trees() -> SearchStrategy[TerritoryTree]:
    """Up to five territories in one tree or several; shrinks to none.

    .. versionadded:: 0.1.0
    """
    return named("territory_trees", lambda: st.builds(_tree, _UP_TO_FIVE, _PARENTS, st.integers(1, 2**40)))


_UP_TO_FIVE = st.lists(territories(id=words()), max_size=5, unique_by=lambda each: each.id)
_PARENTS = st.lists(st.none() | st.integers(0, 3), min_size=5, max_size=5)


def _tree(found: list[Territory], parents: list[int | None], version: int) -> TerritoryTree:
    """Each territory lies in one of those before it, or in none."""
    placed: list[Territory] = []
    for place, (each, parent) in enumerate(zip(found, parents, strict=False)):
        above = None if parent is None or not place else found[parent % place].id
        placed.append(
            Territory(
                each.id,
                above,
                when=each.when,
                inherited_by_children=each.inherited_by_children,
                owners=each.owners,
                rank=each.rank,
                name=each.name,
            )
        )
    return TerritoryTree(placed, version=version)


def territory_memberships(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    account: str | SearchStrategy[str] | None = None,
    territory: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[TerritoryMembership]:
    """What somebody decided about an account and a territory.

    Args:
        id: Of the entry, or what ids are drawn from.
        account: Id of the account, or what such ids are drawn from.
        territory: Id of the territory, or what such ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    name = "territory_memberships"
    return st.builds(
        TerritoryMembership,
        either(f"{name}.id", id, _checks.text, ids()),
        territory=either(f"{name}.territory", territory, _checks.text, ids()),
        account=either(f"{name}.account", account, _checks.text, ids()),
        status=st.sampled_from(("included", "excluded", "by_rule")),
        at=either(f"{name}.at", at, _checks.instant, instants()),
        by=words(),
        reason=st.none() | texts(),
        recorded_at=st.none() | instants(),
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Territory: territories,
    TerritoryMembership: territory_memberships,
    TerritoryTree: territory_trees,
}
"""The strategy of every stored form of territories."""
