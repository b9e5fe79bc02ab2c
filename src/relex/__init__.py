"""Customer relationships and customer experience as a pure Python library.

The names that most users need, and the contexts; each is loaded when it is first asked for, so that importing relex
costs next to nothing. Everything else is in its context: `relex.loyalty`, `relex.insights` and so on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relex import (
        assignment as assignment,
        calendars as calendars,
        changes as changes,
        codec as codec,
        customers as customers,
        errors as errors,
        feedback as feedback,
        figures as figures,
        insights as insights,
        interactions as interactions,
        loyalty as loyalty,
        matching as matching,
        money as money,
        parties as parties,
        pipeline as pipeline,
        purchases as purchases,
        repositories as repositories,
        rules as rules,
        scoring as scoring,
        service as service,
    )
    from relex.calendars import BusinessCalendar, Days, Months, Period, Weeks, Years
    from relex.changes import Aggregate, Change, Event, replay
    from relex.codec import decode, dumps, encode, loads
    from relex.customers import Customer
    from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound, NotSupported, Rejected, RelexError
    from relex.feedback import Metric
    from relex.figures import Figure
    from relex.insights import Segment
    from relex.interactions import Interaction
    from relex.loyalty import Account, Program
    from relex.money import Money, Rounding
    from relex.pipeline import Opportunity, Pipeline, Stage
    from relex.purchases import Line, Product, Purchase, Return
    from relex.repositories import MemoryStore
    from relex.rules import AllOf, AnyOf, AtLeast, FactSchema, Rule, Verdict, all_lines, any_line, evaluate, field
    from relex.scoring import ScoreCard
    from relex.service import Case, CaseFlow, SlaPolicy

__all__ = [
    "Account",
    "Aggregate",
    "AllOf",
    "AnyOf",
    "AtLeast",
    "BusinessCalendar",
    "Case",
    "CaseFlow",
    "Change",
    "Conflict",
    "CurrencyMismatch",
    "Customer",
    "Days",
    "Event",
    "FactSchema",
    "Figure",
    "Interaction",
    "InvalidValue",
    "Line",
    "MemoryStore",
    "Metric",
    "Money",
    "Months",
    "NotFound",
    "NotSupported",
    "Opportunity",
    "Period",
    "Pipeline",
    "Product",
    "Program",
    "Purchase",
    "Rejected",
    "RelexError",
    "Return",
    "Rounding",
    "Rule",
    "ScoreCard",
    "Segment",
    "SlaPolicy",
    "Stage",
    "Verdict",
    "Weeks",
    "Years",
    "all_lines",
    "any_line",
    "decode",
    "dumps",
    "encode",
    "evaluate",
    "field",
    "loads",
    "replay",
]

_NAMES = {
    "assignment": (),
    "calendars": (
        "BusinessCalendar",
        "Days",
        "Months",
        "Period",
        "Weeks",
        "Years",
    ),
    "changes": (
        "Aggregate",
        "Change",
        "Event",
        "replay",
    ),
    "codec": (
        "decode",
        "dumps",
        "encode",
        "loads",
    ),
    "customers": ("Customer",),
    "errors": (
        "Conflict",
        "CurrencyMismatch",
        "InvalidValue",
        "NotFound",
        "NotSupported",
        "Rejected",
        "RelexError",
    ),
    "feedback": ("Metric",),
    "figures": ("Figure",),
    "insights": ("Segment",),
    "interactions": ("Interaction",),
    "loyalty": (
        "Account",
        "Program",
    ),
    "matching": (),
    "money": (
        "Money",
        "Rounding",
    ),
    "parties": (),
    "pipeline": (
        "Opportunity",
        "Pipeline",
        "Stage",
    ),
    "purchases": (
        "Line",
        "Product",
        "Purchase",
        "Return",
    ),
    "repositories": ("MemoryStore",),
    "rules": (
        "AllOf",
        "AnyOf",
        "AtLeast",
        "FactSchema",
        "Rule",
        "Verdict",
        "all_lines",
        "any_line",
        "evaluate",
        "field",
    ),
    "scoring": ("ScoreCard",),
    "service": ("Case", "CaseFlow", "SlaPolicy"),
}
_HOMES = {name: f"relex.{context}" for context, names in _NAMES.items() for name in names}


if not TYPE_CHECKING:  # pragma: no branch - with it, a checker would take any name for granted

    def __getattr__(name: str) -> object:
        """Load what is asked for: a name of the list above, or a context."""
        if name in _HOMES:
            found = getattr(import_module(_HOMES[name]), name)
        elif name in _NAMES:
            found = import_module(f"relex.{name}")
        else:
            raise AttributeError(f"module 'relex' has no attribute {name!r}; is it in one of its contexts?")
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_NAMES})
