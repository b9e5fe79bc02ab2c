"""What a forecast is given beside its question, checked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import InvalidValue
from relex.pipeline._facts import SCHEMA
from relex.pipeline._forecast_slice import Exchange
from relex.pipeline._forecast_spread import OTHER_GROUPS
from relex.pipeline._opportunity import Opportunity
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._stages import PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from relex.money import RateTable
    from relex.pipeline._forecast_question import ForecastQuestion

__all__ = ["deals_of", "exchange_of", "own_facts_of", "percentages_of", "pipelines_of"]

_PIPELINES = _checks.each(_checks.a(Pipeline))


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


def own_facts_of(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The caller's own facts by id of a deal.

    Raises:
        InvalidValue: For a name that deals have themselves.
    """
    known = dict(SCHEMA.facts)
    for name in sorted({name for own in given.values() for name in own}):
        if name in known or name in OTHER_GROUPS:
            raise InvalidValue("forecast.facts", name, "names that deals do not have themselves")
    return dict(given)


def percentages_of(given: Mapping[str, int | Decimal]) -> dict[str, int | Decimal]:
    """Probabilities by id of a deal.

    Raises:
        InvalidValue: For what is no percentage.
    """
    for deal, value in given.items():
        PERCENT.require(f"forecast.predicted[{deal}]", value)
    return dict(given)


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
