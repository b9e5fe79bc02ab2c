"""The score card: one definition for lead scores, health scores, churn risk and propensity.

Theory of operation. A card is data, and scoring is a question: nothing is stored or recomputed when the card changes.

Sums: the start, the points of rules (decayed), silences and adjustments are contributions. Groups clip the sum of their
contributions, innermost first, then the card clips the sum of all. A limit that bites takes from those contributions
that carried the sum too far, in proportion to their size, so that contributions always add up to the score.

Weighted means: each measure is a number in 0..100, a group's mean is a measure of its parent, and the contribution of a
measure is its value times its share of the weights on the way up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import Predicate, Verdict, compile_rule, evaluate
from relex.scoring import _means, _sums
from relex.scoring._consistency import (
    check_adjustments,
    check_bands,
    check_groups,
    check_limits,
    check_names,
    check_rules,
    lines_of,
)
from relex.scoring._definitions import Measure, ScoreAdjustment, ScoreBand, ScoreGroup, ScoreRule, Silence, as_tuple
from relex.scoring._means import Reading
from relex.scoring._presets import preset_card
from relex.scoring._scores import Contribution, Score
from relex.scoring._sums import Scope
from relex.scoring._time import elapsed

if TYPE_CHECKING:
    from relex.scoring._sums import Dated

__all__ = ["ScoreCard"]

_MANY = _checks.a(Iterable)
_LIMIT = _checks.optional(_checks.exact)


def _parts(given: Iterable[ScoreRule | Silence | Measure]) -> tuple[ScoreRule | Silence | Measure, ...]:
    return as_tuple(given)  # type: ignore[no-any-return]


def _groups(given: Iterable[ScoreGroup]) -> tuple[ScoreGroup, ...]:
    return as_tuple(given)  # type: ignore[no-any-return]


def _bands(given: Iterable[ScoreBand]) -> tuple[ScoreBand, ...]:
    return as_tuple(given)  # type: ignore[no-any-return]


@tagged("scoring.ScoreCard")
@attrs.frozen
class ScoreCard:
    """Weighted rules with decay, limits and bands, or a weighted mean of measures.

    Args:
        rules: `ScoreRule` and `Silence` for a sum, `Measure` for a weighted mean.
        groups: What rules and measures name as their group.
        start: What a sum starts from.
        floor: The least that a sum may be.
        cap: The most that a sum may be.
        bands: By lower edge, ascending.
        combine: `sum` or `weighted_mean`.
        edges: `lower`: a band holds its lower edge; `upper`: its upper edge, and the first band its lower one too.
        missing: For a weighted mean, what a missing measure is: `drop` (out of both sums), `zero`, `neutral`, or
            `require` (there is no score then).
        neutral: What `missing="neutral"` stands in for, 0 to 100.
        stale: What a measure older than its `max_age` is: `missing`, or `flag` (it counts and is flagged).

    Raises:
        InvalidValue: For rules of the other kind, two rules, groups or bands of one name, an unknown group, groups in a
            circle, bands that do not ascend, limits on a weighted mean, or a floor above the cap.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.rules import field
        >>> card = ScoreCard(
        ...     [ScoreRule("metro", field("city").is_in("Lyon", "Osaka"), 10),
        ...      ScoreRule("priced", field("page") == "pricing", 10, on="events")],
        ...     bands=[ScoreBand("cold"), ScoreBand("warm", 20)])
        >>> day = datetime(2026, 3, 1, tzinfo=timezone.utc)
        >>> score = card.score({"city": "Osaka"}, [{"at": day, "page": "pricing"}], as_of=day)
        >>> print(score)
        20.00 (warm)
        >>> [(each.name, int(each.points)) for each in score.contributions]
        [('metro', 10), ('priced', 10)]

    .. versionadded:: 0.1.0
    """

    rules: tuple[ScoreRule | Silence | Measure, ...] = attrs.field(default=(), converter=_parts)
    groups: tuple[ScoreGroup, ...] = attrs.field(
        default=(), kw_only=True, converter=_groups, validator=_checks.each(_checks.a(ScoreGroup))
    )
    start: int | Decimal | Fraction = attrs.field(default=0, kw_only=True, validator=_checks.exact)
    floor: int | Decimal | Fraction | None = attrs.field(default=None, kw_only=True, validator=_LIMIT)
    cap: int | Decimal | Fraction | None = attrs.field(default=None, kw_only=True, validator=_LIMIT)
    bands: tuple[ScoreBand, ...] = attrs.field(
        default=(), kw_only=True, converter=_bands, validator=_checks.each(_checks.a(ScoreBand))
    )
    combine: str = attrs.field(default="sum", kw_only=True, validator=_checks.one_of("sum", "weighted_mean"))
    edges: str = attrs.field(default="lower", kw_only=True, validator=_checks.one_of("lower", "upper"))
    missing: str = attrs.field(
        default="drop", kw_only=True, validator=_checks.one_of("drop", "zero", "neutral", "require")
    )
    neutral: int | Decimal | Fraction = attrs.field(
        default=50, kw_only=True, validator=_checks.number(least=0, most=100)
    )
    stale: str = attrs.field(default="missing", kw_only=True, validator=_checks.one_of("missing", "flag"))

    def __attrs_post_init__(self) -> None:
        check_rules(self.rules, self.combine)
        check_names(self._names)
        check_groups(self.rules, self.groups)
        check_limits(self._limits, self.combine)
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise InvalidValue("ScoreCard.floor", self.floor, f"at most the cap, {self.cap}")
        check_bands(self.bands, self.combine)

    @classmethod
    def preset(cls, name: str, rules: Iterable[ScoreRule | Silence | Measure] = (), **more: Any) -> ScoreCard:
        """A card as a well-known system documents it, with rules of one's own.

        Args:
            name: `place_and_page` (10 points for the fact `in_metro_area`, 10 for an event whose `page` is `pricing`;
                ActiveCampaign's help), `four_mails` (for each event by its `kind`: `mail_opened` 5, `mail_clicked` 10,
                `mail_bounced` -10, `mail_received` 20; Zoho's article on scoring rules), `two_groups` (no rules yet;
                groups `engagement` up to 60 and `fit` up to 40, 100 in all; the pattern of HubSpot), or
                `silence_costs` (100, and 5 less for every 2 days after 14 without an event that a rule of one's own
                counts; a pattern of ActiveCampaign).
            rules: More rules, after those of the preset.
            **more: Other attributes of the card, which go before those of the preset.

        Raises:
            InvalidValue: For another name, and as the class does.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 3, 1, tzinfo=timezone.utc)
            >>> card = ScoreCard.preset("four_mails", floor=0)
            >>> happened = [{"at": day, "kind": kind} for kind in ("mail_opened", "mail_clicked")]
            >>> print(card.score({}, happened, as_of=day))
            15.00

        .. versionadded:: 0.1.0
        """
        return cls(**preset_card(name, _checks.items("ScoreCard.preset.rules", rules), more))

    def score(
        self,
        subject: Any,
        events: Iterable[Any] = (),
        *,
        as_of: datetime,
        adjustments: Iterable[ScoreAdjustment] = (),
    ) -> Score:
        """The score of a subject as of an instant.

        Args:
            subject: Facts, or an object with `facts()`.
            events: What happened to it, each facts or an object with `facts()`; its fact `at` says when. Events after
                `as_of` do not exist.
            as_of: The instant; aware.
            adjustments: Points by hand; only for a sum.

        Raises:
            InvalidValue: For a naive `as_of`, an event without an instant, a measure outside 0..100 or that is no exact
                number, or adjustments of a weighted mean.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("ScoreCard.score.as_of", as_of)
        _MANY.require("ScoreCard.score.events", events)
        _MANY.require("ScoreCard.score.adjustments", adjustments)
        facts = _facts("ScoreCard.score.subject", subject)
        if self.combine == "sum":
            return self._sum(facts, _dated(events, as_of), tuple(adjustments), as_of)
        if tuple(adjustments):
            raise InvalidValue("ScoreCard.score.adjustments", adjustments, 'none, since combine is "weighted_mean"')
        return self._mean(facts, as_of)

    def explain(self, subject: Any, *, as_of: datetime) -> tuple[tuple[str, Verdict], ...]:
        """What each rule on facts answers, with the reason: also those that gave nothing.

        Returns:
            Pairs of a rule's name and its verdict, in the order of the card.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("ScoreCard.explain.as_of", as_of)
        facts = _facts("ScoreCard.explain.subject", subject)
        return tuple((name, evaluate(rule.when, facts, as_of)) for name, rule in self._judging if rule.on == "facts")

    def band_of(self, total: int | Decimal | Fraction) -> str | None:
        """The band that a total lies in; None below the first edge, or without bands.

        Raises:
            InvalidValue: For a total that is not exact.

        .. versionadded:: 0.1.0
        """
        _checks.exact.require("ScoreCard.band_of.total", total)
        found = None
        for place, band in enumerate(self.bands):
            is_lowest_edge = place == 0 and total == band.low
            if band.low is None or total > band.low or (total == band.low and self.edges == "lower") or is_lowest_edge:
                found = band.name
        return found

    def _sum(
        self,
        facts: Mapping[str, Any],
        events: list[Dated],
        adjustments: tuple[ScoreAdjustment, ...],
        as_of: datetime,
    ) -> Score:
        check_adjustments(adjustments, self.groups)
        start = Fraction(self.start)
        parts = [Contribution(name="start", kind="start", raw=start, decayed=start, points=start)] if start else []
        parts += _sums.gathered(self.rules, self._tests, facts, events, as_of)
        parts += _sums.adjusted(adjustments, as_of)
        parts, bites = _sums.limited(parts, self._scopes, self._lines)
        total = sum((part.points for part in parts), Fraction(0))
        return Score(
            total=total,
            band=self.band_of(total),
            contributions=tuple(parts),
            limited=tuple(bites),
            as_of=as_of,
        )

    def _mean(self, facts: Mapping[str, Any], as_of: datetime) -> Score:
        measures = [rule for rule in self.rules if isinstance(rule, Measure)]
        readings = {each.name: self._settled(_means.read(each, self._tests, facts, as_of)) for each in measures}
        total, shares = _means.averaged(measures, self.groups, readings)
        reason = self._no_mean(readings, total)
        if reason is not None:
            total, shares = None, {}
        return Score(
            total=total,
            band=None if total is None else self.band_of(total),
            contributions=tuple(_means.contributions(measures, readings, shares)),
            as_of=as_of,
            reason=reason,
        )

    def _settled(self, reading: Reading) -> Reading:
        """A reading after the policies for stale and missing measures."""
        if reading.flag is None or (reading.flag == "stale" and self.stale == "flag"):
            return reading
        if self.missing in {"zero", "neutral"}:
            return Reading(Fraction(self.neutral if self.missing == "neutral" else 0), reading.flag)
        return Reading(None, reading.flag)

    def _no_mean(self, readings: Mapping[str, Reading], total: Fraction | None) -> str | None:
        """Why there is no mean; None when there is one."""
        absent = [name for name, reading in readings.items() if reading.value is None]
        if absent and self.missing == "require":
            return f"missing:{absent[0]}"
        if total is not None:
            return None
        return "no_data" if len(absent) == len(readings) else "zero_denominator"

    @property
    def _judging(self) -> list[tuple[str, ScoreRule]]:
        """Every rule that asks about facts or events, those inside measures too."""
        found = []
        for rule in self.rules:
            inner = rule.rules if isinstance(rule, Measure) else (rule,) if isinstance(rule, ScoreRule) else ()
            found += [(each.name, each) for each in inner]
        return found

    @property
    def _names(self) -> dict[str, list[str]]:
        names = [rule.name for rule in self.rules if not isinstance(rule, ScoreRule)]
        return {
            "rules": names + [name for name, _ in self._judging],
            "groups": [group.name for group in self.groups],
            "bands": [band.name for band in self.bands],
        }

    @property
    def _limits(self) -> list[tuple[str, int | Decimal | Fraction | None]]:
        limits = [("start", self.start or None), ("floor", self.floor), ("cap", self.cap)]
        for place, group in enumerate(self.groups):
            limits += [(f"groups[{place}].floor", group.floor), (f"groups[{place}].cap", group.cap)]
        return limits

    @cached_property
    def _tests(self) -> dict[str, Predicate]:
        return {name: compile_rule(rule.when) for name, rule in self._judging}

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        return lines_of(self.groups)

    @cached_property
    def _scopes(self) -> list[Scope]:
        """Groups, innermost first, then the card."""
        inner_first = sorted(self.groups, key=lambda group: len(self._lines[group.name]), reverse=True)
        return [*(Scope(each.name, each.floor, each.cap) for each in inner_first), Scope(None, self.floor, self.cap)]


def _facts(path: str, subject: Any) -> Mapping[str, Any]:
    """The facts of a subject: itself, or what its `facts()` says."""
    found = subject.facts() if hasattr(subject, "facts") else subject
    if not isinstance(found, Mapping):
        raise InvalidValue(path, subject, "a mapping of facts, or an object with facts()")
    return found


def _dated(events: Iterable[Any], as_of: datetime) -> list[Dated]:
    """Events with their instants in UTC, where they can be compared; those of the future are left out."""
    found: list[Dated] = []
    for place, event in enumerate(events):
        facts = _facts(f"ScoreCard.score.events[{place}]", event)
        _checks.instant.require(f"ScoreCard.score.events[{place}].at", facts.get("at"))
        if elapsed(facts["at"], as_of) >= timedelta(0):
            found.append((facts["at"].astimezone(UTC), facts))
    return found
