"""A program made ready for earning: rules in their order, indexed by what they ask, policies resolved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from relex.calendars import Period, local_date
from relex.loyalty._alike import LINE, Alike, own_names
from relex.loyalty._caps import instants_of, scopes_of
from relex.loyalty._escrow import Escrow, InEscrow
from relex.loyalty._expiry import FirstOf, Inactive, elapsed, end_of, idle_part
from relex.loyalty._rules import Cap, Choose, EarningRule, Flat, Multiply, PerAmount, PerUnit, Stack
from relex.money import minor_digits
from relex.rules import Leaf, OfChildren, Rule, compile_rule, compile_rules, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from relex.loyalty._expiry import Expiry
    from relex.loyalty._points import Points
    from relex.loyalty._program import Program
    from relex.loyalty._tiers import Tier

__all__ = ["KindPlan", "Life", "Plan", "Ready", "blamed", "plan_of"]

_MOST_REMEMBERED = 4096
_ELIGIBLE = "purchase.eligible"  # known only once the lines are judged


Life: TypeAlias = "tuple[datetime, datetime | None, Inactive | None, InEscrow | None]"
"""When a lot starts, when it ends at the latest, the inactivity that may end it earlier, and its escrow."""


class Ready(NamedTuple):
    """One earning rule with its numbers as ints.

    Attributes:
        rule: The rule.
        id: Of the rule.
        kind: Class of its award.
        of: The fact that is summed.
        by_line: Whether that is a fact of the lines.
        step: (numerator, denominator) of the amount that earns the points; 1 for awards without one.
        points: (numerator, denominator) of the points, or of factor - 1.
        whole: Whether only full steps count.
        minimum: (numerator, denominator), or None.
        gives: Ids of the points currencies.
        counts: Whether the points count for tiers.
        not_matched: The row of the breakdown for that reason.
        nothing: As above.
        order: Where it stands among the rules: high priority first, then by id.
        on_net: Whether its lines count by their net.
        dated: Id of the rule where its points start or end by dates of its own; else an empty text.
    """

    rule: EarningRule
    id: str
    kind: type
    of: str
    by_line: bool
    step: tuple[int, int]
    points: tuple[int, int]
    whole: bool
    minimum: tuple[int, int] | None
    gives: tuple[str, ...]
    counts: bool
    not_matched: tuple[str, str]
    nothing: tuple[str, str]
    order: tuple[int, str]
    on_net: bool
    dated: str


def _ready(rule: EarningRule, first: str, *, counts: bool, given: str | None = None) -> Ready:
    award, id_ = rule.award, given or rule.id
    of, step, whole = "line.net", (1, 1), False
    if isinstance(award, Multiply):
        numerator, denominator = award.factor.as_integer_ratio()
        points = (numerator - denominator, denominator)
    else:
        points = award.points.as_integer_ratio()
    if isinstance(award, (PerAmount, PerUnit)):
        of = award.of
    if isinstance(award, PerAmount):
        step, whole = award.per.as_integer_ratio(), award.whole
    minimum = None if rule.minimum is None else rule.minimum.amount.as_integer_ratio()
    gives = rule.gives or (first,)
    by_line = of.startswith(LINE)
    return Ready(
        rule, id_, type(award), of, by_line, step, points, whole, minimum, gives, counts,
        (id_, "not_matched"), (id_, "nothing"), (-rule.priority, id_), of == "line.net" or isinstance(award, Flat),
        "" if rule.expires is None and rule.pending is None else id_,
    )  # fmt: skip


def _tier_bonus(program: Program, tier: Tier) -> Ready | None:
    """The multiplier of a tier as a rule, or None where it changes nothing."""
    gives = tuple([points.id for points in program.points if not points.qualifying])
    if tier.multiplier == 1 or not gives:
        return None
    rule = EarningRule(tier.id, Multiply(tier.multiplier), gives=gives)
    return _ready(rule, gives[0], counts=False, given=f"tier:{tier.id}")


class Judge:
    """Rules that are asked of one sort of object together: of the occasion as a whole, or of each line."""

    __slots__ = ("_doubtful", "conditions", "matching", "names", "places", "predicates")

    def __init__(self, listed: list[tuple[int, Rule]]) -> None:
        self.places = tuple([place for place, _ in listed])
        self.conditions = tuple([rule for _, rule in listed])
        self.matching = compile_rules(self.conditions).matching
        self.predicates = [compile_rule(rule) for rule in self.conditions]
        self.names = tuple(sorted(frozenset().union(*[own_names(rule) for rule in self.conditions])))
        self._doubtful: dict[tuple[type, ...], tuple[int, ...]] = {}

    def verdict(self, facts: Mapping[str, Any], as_of: datetime) -> tuple[tuple[int, ...], tuple[tuple[int, str], ...]]:
        """The rules that match, and those that are undecided with the fact that keeps them so."""
        places = self.places
        matching = tuple([places[place] for place in self.matching(facts, as_of)])
        return matching, tuple(self.unknown(facts, as_of).items())

    def unknown(self, facts: Mapping[str, Any], as_of: datetime) -> dict[int, str]:
        """For each rule that is undecided on these facts, the fact that keeps it so.

        Whether a leaf can be judged depends on the types of the facts, so the rules that may be undecided are
        remembered by those types.
        """
        types = tuple([type(facts.get(name)) for name in self.names])
        doubtful = self._doubtful.get(types)
        if doubtful is None:
            doubtful = tuple([place for place, rule in enumerate(self.conditions) if _can_be_open(rule, facts, as_of)])
            if len(self._doubtful) < _MOST_REMEMBERED:
                self._doubtful[types] = doubtful
        return {
            self.places[place]: blamed(self.conditions[place], facts, as_of)
            for place in doubtful
            if self.predicates[place](facts, as_of) is None
        }


def _can_be_open(rule: Rule, facts: Mapping[str, Any], as_of: datetime) -> bool:
    nodes = list(evaluate(rule, facts, as_of).walk())
    return any(node.reason is not None or isinstance(node.rule, OfChildren) for node in nodes)


def blamed(rule: Rule, facts: Mapping[str, Any], as_of: datetime) -> str:
    """The fact that keeps a rule undecided."""
    if isinstance(rule, Leaf) and rule.names == {rule.fact}:
        return rule.fact
    return evaluate(rule, facts, as_of).reasons[0].partition(":")[2]


def _why_ineligible(rule: Rule) -> Callable[[Mapping[str, Any], datetime], str]:
    """The reason why a line earns nothing at all; an empty one for a line that is eligible."""
    eligible = compile_rule(rule)

    def why(facts: Mapping[str, Any], as_of: datetime) -> str:
        answer = eligible(facts, as_of)
        return "" if answer else "not_eligible" if answer is False else f"unknown:{blamed(rule, facts, as_of)}"

    return why


class KindPlan:
    """The rules in force for one kind of occasion."""

    __slots__ = (
        "always",
        "asks",
        "base_names",
        "eligibility",
        "lines",
        "not_matched",
        "on_line",
        "on_whole",
        "only",
        "ready",
        "sole",
        "unconditional",
        "wants_eligible",
    )

    def __init__(self, program: Program, rules: Iterable[EarningRule]) -> None:
        first = program.points[0].id
        self.ready = tuple([_ready(rule, first, counts=rule.qualifying) for rule in rules])
        self.not_matched = tuple([each.not_matched for each in self.ready])
        judged = [(place, each.rule.when) for place, each in enumerate(self.ready) if each.rule.when is not None]
        self.always = tuple([place for place, each in enumerate(self.ready) if each.rule.when is None])
        self.on_line = Judge([(place, rule) for place, rule in judged if _is_lined(rule)])
        self.on_whole = Judge([(place, rule) for place, rule in judged if not _is_lined(rule)])
        self.lines = Alike(self.on_line.conditions, self.on_line.verdict)
        self.eligibility = Alike((program.eligible,), _why_ineligible(program.eligible))
        names = {*self.on_line.names, *self.on_whole.names, *own_names(program.eligible)}
        names |= {each.of for each in self.ready if not each.by_line}
        self.wants_eligible = _ELIGIBLE in names
        self.base_names = tuple(sorted(name for name in names if not name.startswith((*LINE, _ELIGIBLE))))
        self.asks = any(name.startswith(("account.", "customer.")) for name in self.base_names)
        self.unconditional = len(self.always) == len(self.ready)
        self.sole = all(len(each.gives) == 1 and each.kind is not Multiply for each in self.ready)
        self.only = self.ready[0] if self.unconditional and self.sole and len(self.ready) == 1 else None


def _is_lined(rule: Rule) -> bool:
    return any(name.startswith(LINE) for name in own_names(rule))


class Plan:
    """Everything about a program that earning looks up, resolved once."""

    __slots__ = (
        "_dated",
        "_kinds",
        "_lives",
        "_windows",
        "bonuses",
        "choosing",
        "currencies",
        "digits",
        "first",
        "groups",
        "idle",
        "limited",
        "plain",
        "program",
        "scopes",
        "tiers",
        "utc",
        "waits",
    )

    def __init__(self, program: Program) -> None:
        self.program = program
        self.currencies = {points.id: points for points in program.points}
        self.first = program.points[0].id
        self.groups = dict(program.groups)
        self.choosing = any(group.choose is not Choose.ALL for group in self.groups.values()) or any(
            rule.stacking is not Stack.ADD for rule in program.rules
        )
        self.tiers = {tier.id: tier for tier in program.tiers}
        self.digits = minor_digits(program.currency)
        self.bonuses = {tier.id: bonus for tier in program.tiers if (bonus := _tier_bonus(program, tier)) is not None}
        self.scopes = scopes_of(program)
        self.limited = bool(self.scopes)
        self.idle = {points.id: idle for points in program.points if (idle := idle_of(program, points)) is not None}
        self.plain = not self.limited and not self.idle
        self._dated: dict[str, tuple[Period, ...]] = {}
        self._kinds: dict[tuple[str, tuple[bool, ...]], KindPlan] = {}
        self._lives: dict[tuple[str, int, str | None, date], tuple[datetime | None, Inactive | None]] = {}
        self._windows: dict[tuple[int, date], tuple[datetime, datetime]] = {}
        self.utc = program.tz is UTC
        self.waits = bool(program.tiers) and (program.tier_policy.counts == "activation" or _in_escrow(program))

    def rules_for(self, kind: str, at: datetime) -> KindPlan:
        """The rules in force for a kind of occasion at an instant, those of high priority first, then by id."""
        found = self._kinds.get((kind, ()))
        if found is not None:
            return found
        dated = self._dated.get(kind)
        if dated is None:
            dated = tuple([rule.valid for rule in self.program.rules if rule.on == kind and rule.valid is not None])
            self._dated[kind] = dated
        key = (kind, tuple([self.holds(period, at) for period in dated]) if dated else ())
        found = self._kinds.get(key)
        if found is None:
            rules = [rule for rule in self.program.rules if rule.on == kind]
            rules = [rule for rule in rules if rule.valid is None or self.holds(rule.valid, at)]
            found = KindPlan(self.program, sorted(rules, key=lambda rule: (-rule.priority, rule.id)))
            self._kinds[key] = found
        return found

    def holds(self, period: Period, at: datetime) -> bool:
        """Whether an instant, or its local date, lies in a period."""
        return (at if isinstance(period.start, datetime) else self.day(at)) in period

    def day(self, at: datetime) -> date:
        """The local date of an instant in UTC."""
        return at.date() if self.utc else local_date(at, self.program.tz)

    def life(
        self, points: Points, rule: EarningRule | None, tier: str | None, at: datetime, day: date | None = None
    ) -> Life:
        """When a lot starts and ends that is given at an instant, by a rule or by hand; `day` is its local date."""
        if day is None:
            day = at.date() if self.utc else self.day(at)
        own = 0 if rule is None or (rule.expires is None and rule.pending is None) else id(rule)
        known = self._lives.get((points.id, own, tier, day))
        if known is not None:
            return at, known[0], known[1], None
        return self._life(points, rule, tier, at, day, own)

    def _life(
        self, points: Points, rule: EarningRule | None, tier: str | None, at: datetime, day: date, own: int
    ) -> Life:
        if points.qualifying:
            return at, None, None, None
        program = self.program
        pending = (rule.pending if rule is not None else None) or points.pending or program.pending
        policy = self.expiry(points, rule, tier)
        idle = idle_part(policy)
        if isinstance(pending, Escrow):
            if rule is None:  # what is given by hand waits for nothing
                return at, end_of(policy, at, program.tz), idle, None
            if points.clock == "earning":
                return pending.lapses(at, program.tz), end_of(policy, at, program.tz), idle, InEscrow(on=pending.on)
            return pending.lapses(at, program.tz), None, idle, InEscrow(on=pending.on, lasts=policy)
        if pending is not None:
            if isinstance(pending, timedelta):
                starts = elapsed("pending", pending, at)
            else:
                starts = pending.waits(day, program.tz).astimezone(UTC)
            return starts, end_of(policy, starts if points.clock == "activation" else at, program.tz), idle, None
        end = end_of(policy, at, program.tz)
        if not isinstance(policy, (timedelta, FirstOf)):
            if len(self._lives) >= _MOST_REMEMBERED:
                self._lives.clear()
            self._lives[points.id, own, tier, day] = (end, idle)
        return at, end, idle, None

    def expiry(self, points: Points, rule: EarningRule | None, tier: str | None) -> Expiry:
        """The policy by which a lot ends: that of the rule, else of the tier, else of the currency or the program."""
        expires = rule.expires if rule is not None else None
        if expires is None:
            expires = self.tiers[tier].expires if tier in self.tiers else None
        return expires or points.expires or self.program.expires

    def cap_window(self, cap: Cap, at: datetime) -> tuple[datetime, datetime]:
        """The first instant whose awards count together with those of an instant, and the first that no longer does."""
        day = self.day(at)
        key = (id(cap), day)
        found = self._windows.get(key)
        if found is None:
            if len(self._windows) >= _MOST_REMEMBERED:
                self._windows.clear()
            found = self._windows[key] = instants_of(cap, day, self.program.tz)
        return found

    def deadline(self, currency: str, at: datetime) -> datetime | None:
        """Where an activity moves the end of lots that end with inactivity; None where none do."""
        idle = self.idle.get(currency)
        return None if idle is None else idle.after.ends(self.day(at), self.program.tz).astimezone(UTC)


def _in_escrow(program: Program) -> bool:
    """Whether any points wait for an event, so that they may never count."""
    waits = [program.pending, *[points.pending for points in program.points], *[rule.pending for rule in program.rules]]
    return any(isinstance(each, Escrow) for each in waits)


def idle_of(program: Program, points: Points) -> Inactive | None:
    """The one inactivity that lots of a currency may end with."""
    if points.qualifying:
        return None
    policies = [points.expires or program.expires]
    policies += [rule.expires for rule in program.rules if rule.expires is not None]
    policies += [tier.expires for tier in program.tiers if tier.expires is not None]
    return next((idle for policy in policies if (idle := idle_part(policy)) is not None), None)


def plan_of(program: Program) -> Plan:
    """The plan of a program, made when it is first needed."""
    found: Plan | None = program._plan  # noqa: SLF001 - the slot is there for this
    if found is None:
        found = Plan(program)
        object.__setattr__(program, "_plan", found)
    return found
