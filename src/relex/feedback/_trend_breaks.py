"""Where a series breaks: what was asked is not what was asked before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relex import _checks
from relex.errors import InvalidValue
from relex.feedback._survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.feedback._responses import Response
    from relex.feedback._scale import Scale

__all__ = ["Edition", "asked_in", "breaks_between", "editions_of"]

_SURVEYS = _checks.each(_checks.a(Survey))
_WHAT = ("survey", "version", "program", "wording", "scale")


class Edition(NamedTuple):
    """One form of a question: the survey that asked it, and what is known of how it did."""

    survey: str
    version: int
    program: str | None
    wording: tuple[tuple[str, str], ...] | None = None
    scale: Scale | None = None


def editions_of(surveys: Iterable[Survey], question: str) -> dict[tuple[str, int], Edition]:
    """What the definitions say of a question, by survey and version.

    Raises:
        InvalidValue: For two definitions of one version.
    """
    found: dict[tuple[str, int], Edition] = {}
    given = _checks.items("read_trend.surveys", surveys)
    _SURVEYS.require("read_trend.surveys", given)
    for survey in set(given):
        key = (survey.id, survey.version)
        if key in found:
            raise InvalidValue("read_trend.surveys", f"{survey.id} {survey.version}", "one definition of each version")
        asked = next((each for each in survey.questions if each.id == question), None)
        wording, scale = (None, None) if asked is None else (asked.wording, asked.scale)
        found[key] = Edition(survey.id, survey.version, survey.program, wording, scale)
    return found


def asked_in(responses: Iterable[Response], known: Mapping[tuple[str, int], Edition]) -> list[Edition]:
    """How each response was asked."""
    seen: dict[tuple[str, int, str | None], Edition] = {}
    found = []
    for response in responses:
        key = (response.survey, response.version, response.program)
        edition = seen.get(key)
        if edition is None:
            edition = seen[key] = known.get(key[:2]) or Edition(*key)
        found.append(edition)
    return found


def breaks_between(before: frozenset[Edition], now: frozenset[Edition]) -> tuple[str, ...]:
    """What changed from one period to the next, or within it; empty where everything was asked as before.

    Two surveys that run side by side are no break, but two versions of one survey are.
    """
    return tuple([name for name in _WHAT if _differ(name, before, now)])


def _differ(name: str, before: frozenset[Edition], now: frozenset[Edition]) -> bool:
    was, is_now = _values(name, before), _values(name, now)
    if was and is_now and was != is_now:
        return True
    surveys = {edition.survey for edition in now}
    return any(len(_values(name, {each for each in now if each.survey == survey})) > 1 for survey in surveys)


def _values(name: str, editions: Iterable[Edition]) -> set[object]:
    """The known values of one attribute; a program may be unknown, and that is a value too."""
    values = {getattr(edition, name) for edition in editions}
    return values if name == "program" else values - {None}
