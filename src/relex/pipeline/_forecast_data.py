"""What a forecast is given beside its question, checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import InvalidValue
from relex.pipeline._adjustments import ForecastAdjustment, each_once
from relex.pipeline._facts import NAMES
from relex.pipeline._forecast_slice import Exchange
from relex.pipeline._forecast_spread import OTHER_GROUPS
from relex.pipeline._opportunity import Opportunity
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._stages import PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.money import RateTable
    from relex.pipeline._forecast_question import ForecastQuestion

__all__ = ["adjustments_of", "deals_of", "exchange_of", "own_facts_of", "percentages_of", "pipelines_of"]

_MAPPING = _checks.a(Mapping)
_FACT = _checks.Check(
    "None, a str, bool, int, Decimal, date, datetime, or a tuple of str",
    lambda value: value is None or isinstance(value, (str, int, Decimal, date)) or _are_texts(value),
)
_PIPELINES = _checks.each(_checks.a(Pipeline))


def _are_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, str) for each in value)


def deals_of(given: Iterable[Opportunity]) -> tuple[Opportunity, ...]:
    """The deals, each once.

    Raises:
        InvalidValue: For what is no deal, or one that is there twice.
    """
    deals: tuple[Opportunity, ...] = _checks.items("forecast.opportunities", given)
    for deal in deals:
        if not isinstance(deal, Opportunity):
            raise InvalidValue("forecast.opportunities", deal, "an Opportunity")
    if len({deal.id for deal in deals}) < len(deals):
        twice = sorted([id for id, times in Counter([deal.id for deal in deals]).items() if times > 1])  # noqa: A001 - the field's name everywhere in relex
        raise InvalidValue("forecast.opportunities", tuple(twice), "each deal once")
    return deals


def pipelines_of(given: Pipeline | Iterable[Pipeline]) -> tuple[Pipeline, ...]:
    """One pipeline or several.

    Raises:
        InvalidValue: For what is none.
    """
    found = (given,) if isinstance(given, Pipeline) else _checks.items("forecast.pipeline", given)
    _PIPELINES.require("forecast.pipeline", found)
    return found


def adjustments_of(given: Iterable[ForecastAdjustment]) -> tuple[ForecastAdjustment, ...]:
    """What people said, each id once.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else.
    """
    return each_once("forecast.adjustments", given, ForecastAdjustment)


def own_facts_of(given: Mapping[str, Mapping[str, Any]] | None) -> Mapping[str, Mapping[str, Any]]:
    """The caller's own facts by id of a deal: a copy that nobody can change.

    Raises:
        InvalidValue: For what is no mapping of mappings, a name that is no str or that deals have themselves, or a
            value that is no fact.
    """
    facts = {} if given is None else given
    _MAPPING.require("forecast.facts", facts)
    for deal, own in facts.items():
        _MAPPING.require(f"forecast.facts[{deal}]", own)
        for name, value in own.items():
            _checks.text.require("forecast.facts", name)
            if name in NAMES or name in OTHER_GROUPS:
                raise InvalidValue("forecast.facts", name, "names that deals do not have themselves")
            _FACT.require(f"forecast.facts[{deal}].{name}", value)
    return MappingProxyType({deal: MappingProxyType(dict(own)) for deal, own in facts.items()})


def percentages_of(given: Mapping[str, int | Decimal] | None) -> Mapping[str, int | Decimal]:
    """Probabilities by id of a deal: a copy that nobody can change.

    Raises:
        InvalidValue: For what is no mapping of percentages.
    """
    predicted = {} if given is None else given
    _MAPPING.require("forecast.predicted", predicted)
    for deal, value in predicted.items():
        PERCENT.require(f"forecast.predicted[{deal}]", value)
    return MappingProxyType(dict(predicted))


def exchange_of(question: ForecastQuestion, rates: RateTable | None, currencies: frozenset[str]) -> Exchange:
    """How the currencies of a forecast become one: the one that was asked, that rates lead to, or that there is.

    Raises:
        InvalidValue: For rates that lead to several, where none was asked.
    """
    if question.currency is not None:
        return Exchange(question.currency, rates)
    quotes = {quote for _, quote, _ in rates.rates} if rates is not None else set()
    if len(quotes) > 1:
        raise InvalidValue("forecast.currency", None, f"one of {', '.join(sorted(quotes))}, to which the rates lead")
    if quotes:
        return Exchange(quotes.pop(), rates)
    return Exchange(next(iter(currencies)) if len(currencies) == 1 else None, None)
