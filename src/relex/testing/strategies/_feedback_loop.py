"""Rules of the closed loop, and the signals that they give."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.feedback import LoopRule, Signal
from relex.feedback._loop_rules import TOLD
from relex.rules import FactSchema
from relex.testing.strategies._basics import either, ids, instants, words
from relex.testing.strategies._calendars import business_calendars, business_days
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "feedback_signals", "loop_rules"]

_ASKED = FactSchema({**TOLD, "reason": str, "account.segment": str, "contact.since": int})
_SPANS = st.timedeltas(timedelta(0), timedelta(days=7))
_WORD = st.none() | words()
_ID = st.none() | ids()


def loop_rules(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[LoopRule]:
    """Which responses must be acted on, in clock or business time; shrinks to a rule without a target.

    Args:
        name: Of the rule, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    named = either("loop_rules.name", name, _checks.text, words())
    about = rules(_ASKED, children=False)
    return st.builds(lambda name, when, soon, more: LoopRule(name, when, **soon, **more), named, about, _SOON, _MORE)


_SOON: SearchStrategy[dict[str, Any]] = (
    st.just({})
    | st.fixed_dictionaries({"target": _SPANS})
    | st.fixed_dictionaries({"target": _SPANS | business_days(), "calendar": business_calendars()})
)
_MORE: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "priority": _WORD,
        "once_per": st.sampled_from(("response", "contact")),
        "active_from": st.none() | instants(),
        "version": st.integers(1, 3),
    },
)


def feedback_signals(*, id: str | SearchStrategy[str] | None = None) -> SearchStrategy[Signal]:  # noqa: A002 - the field's name everywhere in relex
    """Responses that must be acted on; shrinks to one of nobody, without a score.

    Args:
        id: Of the signal, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        lambda id, more: Signal(id=id, **more),  # noqa: A006 - as above
        either("feedback_signals.id", id, _checks.text, ids()),
        _REST,
    )


_REST: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"rule": words(), "response": ids(), "survey": words(), "at": instants()},
    optional={
        "rule_version": st.integers(1, 3),
        "account": _ID,
        "contact": _ID,
        "about": _ID,
        "priority": _WORD,
        "band": _WORD,
        "touchpoint": _WORD,
        "due": st.none() | instants(),
        "score": st.none() | st.integers(-5, 10),
    },
)

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    LoopRule: loop_rules,
    Signal: feedback_signals,
}
"""The strategy of every stored form of the closed loop."""
