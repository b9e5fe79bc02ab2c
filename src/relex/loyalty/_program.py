"""A loyalty program: what earns points, how long they live, which tiers there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._flow import bare
from relex.calendars import CalendarDuration, Period
from relex.codec import tagged
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty._diff import diff_of
from relex.loyalty._drawing import drawn_program, program_html
from relex.loyalty._escrow import Escrow
from relex.loyalty._expiry import FirstOf, Inactive, Never, OnDates, expiry_check
from relex.loyalty._extensions import Extension
from relex.loyalty._facts import check_facts
from relex.loyalty._points import Points, pending_check
from relex.loyalty._problems import problems_of
from relex.loyalty._quoting import check_rewards, quote
from relex.loyalty._rewards import Reward
from relex.loyalty._rules import Cap, Choose, EarningRule, Group, Multiply
from relex.loyalty._tiers import Tier, TierPolicy
from relex.rules import FactSchema, Rule, field

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._diff import ProgramDiff
    from relex.loyalty._points_quote import PointsQuote
    from relex.loyalty._priced import PricedBasket
    from relex.purchases import Purchase

__all__ = ["ELIGIBLE", "Clawback", "Program", "Restore"]

ELIGIBLE = ~field("line.kind").is_in("gift_card", "delivery", "fee")
"""Which lines earn by default: all but gift cards, delivery and fees."""

MEASURES = ("earned", "spend", "orders", "visits", "balance")


@tagged("loyalty.Clawback")
@attrs.frozen
class Clawback:
    """What a return takes back.

    Attributes:
        basis: `per_line` (each line's points by the share of its quantity that came back) or `proportional` (all points
            by the share of the value).
        reach: What happens to points that were spent: `within_balance` (other lots are taken, never below 0),
            `allow_debt` (the rest is owed), `only_pending` (nothing but pending points is taken).

    .. versionadded:: 0.1.0
    """

    basis: str = attrs.field(default="per_line", validator=_checks.one_of("per_line", "proportional"))
    reach: str = attrs.field(
        default="within_balance", validator=_checks.one_of("only_pending", "within_balance", "allow_debt")
    )


@tagged("loyalty.Restore")
@attrs.frozen
class Restore:
    """What becomes of points that come back: to a lot whose end has passed, and when a purchase is returned.

    Attributes:
        policy: `original` (they expire at once), `grace` (usable for the duration below), `reissue` (a new lot under
            today's policy of expiry).
        grace: How long, its last date included; only with `grace`.
        on_return: Whether points that paid for a purchase come back when it is returned: `proportional` to the value
            that came back, `full_only` with the last of it, `never`.

    .. versionadded:: 0.1.0
    """

    policy: str = attrs.field(default="original", validator=_checks.one_of("original", "grace", "reissue"))
    grace: CalendarDuration | None = attrs.field(default=None, validator=_checks.optional(_checks.a(CalendarDuration)))
    on_return: str = attrs.field(
        default="proportional", validator=_checks.one_of("proportional", "full_only", "never"), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        if (self.policy == "grace") != (self.grace is not None):
            raise InvalidValue("Restore.grace", self.grace, "a duration with the policy grace, and with no other")


def _groups(value: Any) -> tuple[tuple[str, Group], ...]:
    pairs = value.items() if isinstance(value, Mapping) else value
    found = []
    for name, group in pairs:
        _checks.text.require("Program.groups", name)
        made = Group(group) if isinstance(group, Choose) else group
        _checks.a(Group, Choose).require(f"Program.groups[{name}]", made)
        found.append((name, made))
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _points(values: Iterable[Points]) -> tuple[Points, ...]:
    return _checks.items("Program.points", values)


def _rules(values: Iterable[EarningRule]) -> tuple[EarningRule, ...]:
    return _checks.items("Program.rules", values)


def _caps(values: Iterable[Cap]) -> tuple[Cap, ...]:
    return _checks.items("Program.caps", values)


def _extensions(values: Iterable[Extension]) -> tuple[Extension, ...]:
    return _checks.items("Program.extensions", values)


def _rewards(values: Iterable[Reward]) -> tuple[Reward, ...]:
    return _checks.items("Program.rewards", values)


def _tiers(values: Iterable[Tier]) -> tuple[Tier, ...]:
    return _checks.items("Program.tiers", values)


def _each(kind: type) -> list[_checks.Check]:
    return [_checks.each(_checks.a(kind)), _checks.unique("id")]


@tagged("loyalty.Program")
@attrs.frozen
class Program:
    """The definition of a loyalty program; an account keeps the version of it that decided each award.

    Attributes:
        id: Name of the program.
        version: Raise it with each revision.
        currency: Of the purchases.
        points: The points currencies, the main one first.
        rules: The earning rules; their order does not matter.
        groups: Name of a group to `Choose` or `Group`; groups that are not named add up all their rules.
        eligible: Which lines earn at all, by the facts of the line.
        multipliers: How several `Multiply` on one line work together: `sum` of the bonuses, the `best` only, or one
            after the other (`product`).
        caps: Limits on what an occasion gives in all.
        expires: Policy of expiry.
        pending: How long points wait before they can be spent, or `Escrow` for what.
        clawback: What a return takes back.
        restore: What becomes of points that come back: too late, or because a purchase was returned.
        tiers: Lowest first.
        tier_policy: What tiers measure and how long they last.
        rewards: What points buy.
        same_purchase: Whether the points that a purchase earns may be spent on it.
        extensions: How much longer points last that `Account.extend` is asked for.
        before_enrollment: Whether to `reject` or `accept` entries that are dated before the account was opened.
        tz: The zone of all dates and calendar periods.
        valid: When the program is in force, by the business moment.
        facts: Facts beyond the known ones that your purchases bring along, such as `line.net_of_tax`. Names that begin
            with `event.`, `customer.`, `taste.` or the kind of an occasion need not be listed.

    Raises:
        InvalidValue: Names the path of whatever does not fit, such as `Program.rules[2].gives`; a rule about a fact
            that nobody gives is told with the names that there are.

    Example:
        >>> from relex.calendars import Months
        >>> from relex.loyalty import EarningRule, PerAmount
        >>> beans = Program(
        ...     "beans",
        ...     currency="USD",
        ...     rules=[EarningRule("base", PerAmount(1, per="1.00"))],
        ...     tiers=[Tier("silver", at=500), Tier("gold", at=2_000, multiplier="1.25")],
        ...     expires=Months(12, end_of="month"),
        ... )
        >>> [tier.id for tier in beans.tiers]
        ['silver', 'gold']

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    currency: str = attrs.field(kw_only=True, validator=_checks.currency_code)
    points: tuple[Points, ...] = attrs.field(
        default=(Points("points"),), kw_only=True, converter=_points, validator=_each(Points)
    )
    rules: tuple[EarningRule, ...] = attrs.field(
        default=(), kw_only=True, converter=_rules, validator=_each(EarningRule)
    )
    groups: tuple[tuple[str, Group], ...] = attrs.field(default=(), kw_only=True, converter=_groups)
    eligible: Rule = attrs.field(default=ELIGIBLE, kw_only=True, validator=_checks.a(Rule))
    multipliers: str = attrs.field(default="sum", kw_only=True, validator=_checks.one_of("sum", "best", "product"))
    caps: tuple[Cap, ...] = attrs.field(
        default=(), kw_only=True, converter=_caps, validator=_checks.each(_checks.a(Cap))
    )
    expires: Never | OnDates | Inactive | FirstOf | CalendarDuration | timedelta = attrs.field(
        factory=Never, kw_only=True, validator=expiry_check
    )
    pending: CalendarDuration | timedelta | Escrow | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(pending_check)
    )
    clawback: Clawback = attrs.field(factory=Clawback, kw_only=True, validator=_checks.a(Clawback))
    restore: Restore = attrs.field(factory=Restore, kw_only=True, validator=_checks.a(Restore))
    tiers: tuple[Tier, ...] = attrs.field(default=(), kw_only=True, converter=_tiers, validator=_each(Tier))
    tier_policy: TierPolicy = attrs.field(factory=TierPolicy, kw_only=True, validator=_checks.a(TierPolicy))
    rewards: tuple[Reward, ...] = attrs.field(default=(), kw_only=True, converter=_rewards, validator=_each(Reward))
    same_purchase: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    extensions: tuple[Extension, ...] = attrs.field(
        default=(), kw_only=True, converter=_extensions, validator=_checks.each(_checks.a(Extension))
    )
    before_enrollment: str = attrs.field(default="reject", kw_only=True, validator=_checks.one_of("reject", "accept"))
    tz: tzinfo = attrs.field(default=UTC, kw_only=True, validator=_checks.zone)
    valid: Period | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Period)))
    facts: FactSchema = attrs.field(factory=FactSchema, kw_only=True, validator=_checks.a(FactSchema))
    _plan: Any = attrs.field(default=None, init=False, eq=False, repr=False)  # made by plan_of, which stands above

    def __attrs_post_init__(self) -> None:
        if not self.points:
            raise InvalidValue("Program.points", (), "at least one Points")
        for points in self.points:
            if points.worth is not None and points.worth.currency != self.currency:
                raise CurrencyMismatch(self.currency, points.worth.currency)
        names = {points.id for points in self.points}
        groups = {rule.group for rule in self.rules}
        for place, rule in enumerate(self.rules):
            self._check_rule(f"Program.rules[{place}]", rule, names, groups)
        for name, _ in self.groups:
            _known(f"Program.groups[{name}]", name, groups)
        self._check_budgets()
        self._check_tiers()
        check_rewards(self)
        check_facts(self)

    def _check_rule(self, path: str, rule: EarningRule, currencies: set[str], groups: set[str]) -> None:
        for name in rule.gives:
            _known(f"{path}.gives", name, currencies)
        if rule.minimum is not None and rule.minimum.currency != self.currency:
            raise InvalidValue(f"{path}.minimum", rule.minimum, f"an amount in {self.currency}")
        if isinstance(rule.award, Multiply):
            for name in rule.award.groups:
                _known(f"{path}.award.groups", name, groups)

    def _check_budgets(self) -> None:
        owners = [(f"Program.rules[{place}]", rule.caps) for place, rule in enumerate(self.rules)]
        owners += [(f"Program.groups[{name}]", group.caps) for name, group in self.groups]
        for path, caps in (*owners, ("Program", self.caps)):
            for place, cap in enumerate(caps):
                if cap.who == "everyone" and cap.budget is None:
                    raise InvalidValue(
                        f"{path}.caps[{place}].budget", None, "the id of a Budget, which counts everyone"
                    )

    def _check_tiers(self) -> None:
        thresholds = [(place, tier.at) for place, tier in enumerate(self.tiers) if tier.at is not None]
        for (_, before), (place, at) in pairwise(thresholds):
            if at <= before:
                raise InvalidValue(f"Program.tiers[{place}].at", at, f"more than {before}, the threshold before it")
        measure = self.tier_policy.measure
        known = {*MEASURES, *[points.id for points in self.points if points.qualifying]}
        if measure not in known:
            raise InvalidValue("Program.tier_policy.measure", measure, f"one of {', '.join(sorted(known))}")
        if all(points.qualifying for points in self.points) and measure == "balance":
            raise InvalidValue("Program.tier_policy.measure", measure, "another one: no currency can be spent")

    def currency_of(self, points: str | None = None, *, path: str = "points") -> Points:
        """One of the points currencies; the first by default.

        Raises:
            InvalidValue: When the program has no such currency.
        """
        if points is None:
            return self.points[0]
        found = next((each for each in self.points if each.id == points), None)
        if found is None:
            raise InvalidValue(path, points, f"one of {', '.join(each.id for each in self.points)}")
        return found

    def tier(self, tier: str) -> Tier:
        """A tier by its id.

        Raises:
            InvalidValue: When the program has no such tier.
        """
        found = next((each for each in self.tiers if each.id == tier), None)
        if found is None:
            raise InvalidValue("tier", tier, f"one of {', '.join(each.id for each in self.tiers) or '(no tiers)'}")
        return found

    def quote(
        self,
        reward: Reward | str,
        account: Account,
        basket: Purchase | PricedBasket | None = None,
        *,
        as_of: datetime,
        wanted: int | None = None,
        customer: Mapping[str, Any] | None = None,
        member: str | None = None,
    ) -> PointsQuote:
        """What a reward would take and give; it refuses nothing and spends nothing.

        Args:
            reward: One of the program's rewards, or its id.
            account: Whose points.
            basket: The purchase that is to be paid, as it would be or as `price` told; None for a reward without one.
                Where it was priced with the promotion of this reward, that tells what the reward is worth.
            as_of: The instant.
            wanted: For a `CashOff`, the points that somebody wants to spend, in the smallest unit; None for as many as
                may be.
            customer: Facts that the condition asks for as `customer.<name>`.
            member: Of a pool, whose limits count; by default the owner of the account.

        Raises:
            InvalidValue: For a reward that the program does not have, or points wanted of one with a cost.
            Rejected: `other_program`, for an account of another program.

        Example:
            >>> from datetime import datetime
            >>> from relex.loyalty import Account, CashOff
            >>> cash = Reward("cash", None, CashOff(points=100, worth="5.00", minimum=100))
            >>> program = Program("beans", currency="USD", rewards=[cash])
            >>> day = datetime(2026, 5, 1, tzinfo=UTC)
            >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
            >>> account, _ = account.adjust(320, program, id="gift", reason="hello", actor="ann", at=day)
            >>> print(program.quote("cash", account, as_of=day, wanted=250))
            cash: 200 of 320 points for 10.00 USD (whole_blocks)

        .. versionadded:: 0.1.0
        """
        return quote(self, reward, account, basket, as_of, wanted, customer, member)

    def problems(self) -> tuple[str, ...]:
        """What is allowed and probably not meant, in words; empty when there is nothing to say.

        Example:
            >>> from relex.calendars import Days
            >>> from relex.loyalty import EarningRule, Flat
            >>> welcome = EarningRule("opinion", Flat(5), when=field("response.score") >= 9, on="response")
            >>> print(*Program("p", currency="USD", rules=[welcome]).problems())
            Program.rules[0].when: reads response.score, so it buys opinions; reward the submission

        .. versionadded:: 0.1.0
        """
        return problems_of(self)

    def changes_since(self, before: Program) -> ProgramDiff:
        """What is not as it was in an earlier version, in words, and what that means for points already earned.

        Raises:
            InvalidValue: For a version of another program.

        Example:
            >>> from relex.loyalty import Tier
            >>> old = Program("p", currency="USD", tiers=[Tier("gold", at=2_000)])
            >>> print(Program("p", version=2, currency="USD", tiers=[Tier("gold", at=1_500)]).changes_since(old))
            p: version 1 to 2
            tiers[gold].at: 2000 -> 1500
            (a tier lasts to its own date; a review may raise it at once)

        .. versionadded:: 0.1.0
        """
        return diff_of(before, self)

    def to_mermaid(self) -> str:
        """The program as a Mermaid flowchart: occasions, rules, points, tiers and rewards.

        .. versionadded:: 0.1.0
        """
        return drawn_program(self)

    def _repr_html_(self) -> str:
        return program_html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return bare(self)


def _known(path: str, name: str, known: set[str]) -> None:
    if name not in known:
        raise InvalidValue(path, name, f"one of {', '.join(sorted(known)) or '(none)'}")
