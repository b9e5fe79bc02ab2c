"""Names, identifiers and life cycles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.parties import CHECKED_KINDS, Identifier, Lifecycle, OrganizationName, PersonName
from relex.testing.strategies._basics import either, texts, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "identifiers", "lifecycles", "names", "organization_names", "person_names"]

_MAYBE = st.none() | words()


def identifiers(*, kind: str | SearchStrategy[str] | None = None) -> SearchStrategy[Identifier]:
    """Ids in other systems, some of a kind with a check digit, which is mostly wrong.

    Args:
        kind: The only kind, or what kinds are drawn from.

    Raises:
        InvalidValue: For a kind that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(Identifier, either("identifiers.kind", kind, _checks.text, _KINDS), texts())


_KINDS = st.sampled_from(("shop", "card", "cookie", *CHECKED_KINDS)) | words()


def person_names() -> SearchStrategy[PersonName]:
    """Names of persons: whole, in parts, or both; shrinks to a whole name.

    .. versionadded:: 0.1.0
    """
    return _PERSONS


_PARTS: dict[str, SearchStrategy[Any]] = {
    "middle": _MAYBE,
    "prefix": _MAYBE,
    "suffix": _MAYBE,
    "order": st.sampled_from((None, "given-first", "family-first")),
    "given_phonetic": _MAYBE,
    "family_phonetic": _MAYBE,
    "trade_name": _MAYBE,
}
_PERSONS: SearchStrategy[PersonName] = st.one_of(
    st.builds(PersonName, texts()),
    st.builds(PersonName, given=words(), family=words(), order=_PARTS["order"]),
    st.builds(PersonName, _MAYBE, family=texts(), given=_MAYBE, **_PARTS),
)


def organization_names() -> SearchStrategy[OrganizationName]:
    """Names of organizations, with or without their parts.

    .. versionadded:: 0.1.0
    """
    return _ORGANIZATIONS


_ORGANIZATIONS: SearchStrategy[OrganizationName] = st.builds(OrganizationName, texts()) | st.builds(
    OrganizationName,
    texts(),
    core=_MAYBE,
    legal_form=st.sampled_from((None, "gmbh", "株式会社")),
    form_position=st.sampled_from((None, "front", "end", "middle")),
    phonetic=_MAYBE,
    trade_name=_MAYBE,
)


def names() -> SearchStrategy[PersonName | OrganizationName]:
    """Names of customers: of persons and of organizations.

    .. versionadded:: 0.1.0
    """
    return _PERSONS | _ORGANIZATIONS


def lifecycles() -> SearchStrategy[Lifecycle]:
    """Life cycles of one to five stages, with or without former stages.

    .. versionadded:: 0.1.0
    """
    return st.just(Lifecycle()) | _lifecycles()


@st.composite
def _lifecycles(draw: st.DrawFn) -> Lifecycle:
    named = draw(st.lists(words(), min_size=1, max_size=6, unique=True))
    count = draw(st.integers(1, len(named)))
    stages = named[:count]
    return Lifecycle(stages, former=named[count:], former_from=draw(st.sampled_from(stages)))


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Identifier: identifiers,
    Lifecycle: lifecycles,
    OrganizationName: organization_names,
    PersonName: person_names,
}
"""The strategy of every stored form of `relex.parties`."""
