"""What people say of two records, and how many identifiers one party may have."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.matching import IdentifierRule, IdentityProfile, IdentityRules, NotSameAs, Retracted, SameAs
from relex.testing.strategies._basics import either, ids, instants, texts, words
from relex.testing.strategies._parties import identifiers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "assertion_retractions",
    "identifier_rules",
    "identity_profiles",
    "identity_rules",
    "not_same_assertions",
    "same_assertions",
]

_TOLD = st.none() | texts()
_MICRO = timedelta(microseconds=1)


def same_assertions(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    a: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[SameAs]:
    """Statements that two records are of one party.

    Args:
        id: Of the assertion, or what ids are drawn from.
        a: Ref of the first record, or what refs are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return _said(SameAs, "same_assertions", id, a, at)


def not_same_assertions(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    a: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[NotSameAs]:
    """Statements that two records are of two parties.

    Args:
        id: Of the assertion, or what ids are drawn from.
        a: Ref of the first record, or what refs are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return _said(NotSameAs, "not_same_assertions", id, a, at)


def _said(cls: type[Any], name: str, id_: Any, a: Any, at: Any) -> SearchStrategy[Any]:
    found = st.tuples(
        either(f"{name}.id", id_, _checks.text, ids()),
        either(f"{name}.a", a, _checks.text, ids()),
        ids(),
        either(f"{name}.at", at, _checks.instant, instants()),
        words(),
        _TOLD,
    )
    return found.map(lambda drawn: _built(cls, *drawn))


def _built(cls: type[Any], id_: str, a: str, b: str, at: datetime, by: str, reason: str | None) -> Any:
    other = b if b != a else f"{b}b"
    return cls(id_, a, other, by=by, reason=reason, at=at)


def assertion_retractions(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    assertion: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Retracted]:
    """Ends of assertions.

    Args:
        id: Of the retraction, or what ids are drawn from.
        assertion: Of the assertion, or what ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Retracted,
        either("assertion_retractions.id", id, _checks.text, ids()),
        either("assertion_retractions.assertion", assertion, _checks.text, ids()),
        by=words(),
        reason=_TOLD,
        at=either("assertion_retractions.at", at, _checks.instant, instants()),
    )


def identifier_rules(*, kind: str | SearchStrategy[str] | None = None) -> SearchStrategy[IdentifierRule]:
    """Rules of one kind of identifier, unique or with a limit.

    Args:
        kind: The kind, or what kinds are drawn from.

    Raises:
        InvalidValue: For a kind that is empty or no str.

    .. versionadded:: 0.1.0
    """
    kinds = either("identifier_rules.kind", kind, _checks.text, st.sampled_from(("user_id", "email")) | words())
    priorities = st.none() | st.integers(1, 9)
    windows = st.none() | st.timedeltas(min_value=_MICRO)
    return st.builds(IdentifierRule, kinds) | st.one_of(
        st.builds(IdentifierRule, kinds, unique=st.just(value=True), priority=priorities),
        st.builds(IdentifierRule, kinds, limit=st.integers(1, 99), priority=priorities, within=windows),
    )


def identity_rules() -> SearchStrategy[IdentityRules]:
    """Rules of up to three kinds of identifiers, with or without blocked values of their own.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        IdentityRules,
        st.lists(identifier_rules(), max_size=3, unique_by=lambda rule: rule.kind),
        blocked=st.lists(texts(min_size=1), max_size=2),
    )


def identity_profiles(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
) -> SearchStrategy[IdentityProfile]:
    """Profiles that hold up to four identifiers.

    Args:
        id: Of the profile, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        IdentityProfile,
        either("identity_profiles.id", id, _checks.text, ids()),
        instants(),
        seen=st.lists(st.tuples(identifiers(), instants()), max_size=4, unique_by=lambda pair: pair[0]),
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    IdentifierRule: identifier_rules,
    IdentityProfile: identity_profiles,
    IdentityRules: identity_rules,
    NotSameAs: not_same_assertions,
    Retracted: assertion_retractions,
    SameAs: same_assertions,
}
"""The strategy of every stored form of assertions and identity rules."""
