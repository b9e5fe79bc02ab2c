"""What a code stands for: a campaign says what it gives, to whom, when and how often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.calendars import CalendarDuration, Period, local_date
from relex.codec import tagged
from relex.errors import InvalidValue, NotFound, Rejected
from relex.loyalty._benefits import AmountOff, Gift, PercentOff, PriceAt
from relex.loyalty._occasions import Occasion, in_utc
from relex.loyalty._promotions import Promotion
from relex.loyalty._rules import Cap
from relex.money import Money
from relex.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.loyalty._vouchers import Voucher

__all__ = ["Campaign"]

_PAIR = 2
_DURATION = _checks.optional(_checks.a(CalendarDuration))
_BENEFITS = (PercentOff, AmountOff, PriceAt, Gift, Promotion)


def _gives(instance: Campaign, _: Any, value: Any) -> None:
    if isinstance(value, _BENEFITS) or (isinstance(value, Money) and value.amount > 0):
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        expected = "a benefit, a Promotion, an int of points above 0, or Money above 0"
        raise InvalidValue(f"{type(instance).__name__}.gives", value, expected)


def _caps(values: Iterable[Cap]) -> tuple[Cap, ...]:
    return _checks.items("Campaign.caps", values)


def _valid(value: Any) -> Any:
    """A pair of dates is a first and a last day."""
    if not (isinstance(value, tuple) and len(value) == _PAIR and all(type(day) is date for day in value)):
        return value
    first, last = value
    if last < first:
        raise InvalidValue("Campaign.valid", value, "a last day that is not before the first")
    return Period(first, last + timedelta(days=1)) if last < date.max else Period(first)


@tagged("loyalty.Campaign")
@attrs.frozen(weakref_slot=False)
class Campaign:
    """What a code gives, and the conditions under which it does.

    A code for everybody and codes that are used once are the same thing with other limits: each `Voucher` is a code of
    a campaign, and the `caps` that count `times` limit its uses: `Cap(times=100, per="ever", who="everyone")` of the
    code, `Cap(times=1, per="ever")` of each customer. Other caps limit what the promotion takes off.

    Attributes:
        id: Of the campaign.
        gives: A benefit (`PercentOff`, `AmountOff`, `PriceAt`, `Gift`) or a whole `Promotion`, for `promotion`; an int
            of whole points, or Money as stored value, for `occasion`.
        when: A rule over the facts that are known at the use, judged there; None for always.
        caps: Limits.
        valid: When codes can be used; half-open, or a pair of dates, the first and the last day.
        waits: How long a code that a purchase issues has to wait, so that the purchase is final; None for not at all.
        lasts: How long a code can be used from the day on which it can be used first; None for the whole campaign.
        restorable: Whether a use may be undone (`Voucher.restore_use`).
        transferable: Whether others than the owner may use a code.
        tz: The zone of its dates.

    Raises:
        InvalidValue: For a limit on uses `per="event"`, of each member or by a fact; a limit on anything but uses where
            no promotion is given; a promotion with conditions or dates of its own.

    Example:
        >>> may = (date(2026, 5, 1), date(2026, 5, 31))
        >>> once = Cap(times=1, per="ever", who="everyone")
        >>> Campaign("spring", PercentOff(10), caps=[once], valid=may).valid.end
        datetime.date(2026, 6, 1)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    gives: PercentOff | AmountOff | PriceAt | Gift | Promotion | int | Money = attrs.field(validator=_gives)
    when: Rule | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Rule)))
    caps: tuple[Cap, ...] = attrs.field(
        default=(), kw_only=True, converter=_caps, validator=_checks.each(_checks.a(Cap))
    )
    valid: Period | None = attrs.field(
        default=None, kw_only=True, converter=_valid, validator=_checks.optional(_checks.a(Period))
    )
    waits: CalendarDuration | None = attrs.field(default=None, kw_only=True, validator=_DURATION)
    lasts: CalendarDuration | None = attrs.field(default=None, kw_only=True, validator=_DURATION)
    restorable: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    transferable: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    tz: tzinfo = attrs.field(default=UTC, kw_only=True, validator=_checks.zone)

    def __attrs_post_init__(self) -> None:
        for place, cap in enumerate(self.caps):
            self._check_cap(f"Campaign.caps[{place}]", cap)
        if isinstance(self.gives, Promotion):
            for name in ("when", "valid"):
                if getattr(self.gives, name) is not None:
                    raise InvalidValue(
                        f"Campaign.gives.{name}", getattr(self.gives, name), "None: the campaign says so"
                    )
        if isinstance(self.gives, _BENEFITS):
            self._promotion(self.id, None)

    def _check_cap(self, path: str, cap: Cap) -> None:
        if not _counts_uses(cap):
            if not isinstance(self.gives, _BENEFITS):
                raise InvalidValue(path, cap, "a limit on times without a budget; others belong to the earning rule")
            return
        _checks.whole(least=0).require(f"{path}.times", cap.times)
        if cap.per == "event":
            raise InvalidValue(f"{path}.per", cap.per, "a window of many uses, such as ever or day")
        if cap.who == "member":
            raise InvalidValue(
                f"{path}.who", cap.who, "account, which is each customer, or everyone, which is the code"
            )
        if cap.by is not None:
            raise InvalidValue(f"{path}.by", cap.by, "None: a use has no lines")

    @property
    def limits(self) -> tuple[Cap, ...]:
        """The caps that limit the uses of a code."""
        return tuple([cap for cap in self.caps if _counts_uses(cap)])

    def promotion(self, voucher: Voucher) -> Promotion:
        """What a code of this campaign does to a basket, for `price(..., vouchers=...)`.

        Its id is `voucher:<code>`; it is in force while the code can be used.

        Raises:
            InvalidValue: When the campaign gives points or stored value.
            Rejected: `other_campaign` for a code of another campaign.

        .. versionadded:: 0.1.0
        """
        if not isinstance(self.gives, _BENEFITS):
            raise InvalidValue("promotion.gives", self.gives, "a benefit or a Promotion; points are an occasion")
        belongs("promotion", voucher, self)
        start, end = span(voucher, self)
        first = start or datetime.min.replace(tzinfo=UTC)
        return self._promotion(f"voucher:{voucher.id}", Period(first, None if end is None else max(first, end)))

    def _promotion(self, id_: str, valid: Period | None) -> Promotion:
        others = tuple([cap for cap in self.caps if not _counts_uses(cap)])
        if isinstance(self.gives, Promotion):
            caps = self.gives.caps + others
            return attrs.evolve(self.gives, id=id_, when=self.when, caps=caps, valid=valid)
        gives: Any = self.gives
        return Promotion(id_, gives, when=self.when, caps=others, valid=valid)

    def occasion(self, voucher: Voucher, key: str) -> Occasion:
        """What a confirmed use earns, for `Account.earn`: an occasion of the kind `voucher`.

        Its id is `<code>:<key>`, so it earns once. Earning rules with `on="voucher"` decide; its facts are `code`,
        `campaign`, `customer`, and `points`, or of stored value `amount` and `currency`.

        Args:
            voucher: The code.
            key: Of the use.

        Raises:
            InvalidValue: When the campaign gives a benefit.
            NotFound: For a use that was not confirmed.
            Rejected: `other_campaign` for a code of another campaign.

        Example:
            >>> from datetime import timedelta
            >>> from relex.loyalty import Voucher
            >>> at = datetime(2026, 5, 1, 9, tzinfo=UTC)
            >>> welcome = Campaign("welcome", 250)
            >>> voucher, _ = Voucher.issue("HELLO", welcome, at=at)
            >>> voucher, _ = voucher.reserve("u1", welcome, by="ann", at=at, until=at + timedelta(minutes=5))
            >>> voucher, _ = voucher.confirm("u1", at=at)
            >>> welcome.occasion(voucher, "u1").facts()
            {'campaign': 'welcome', 'code': 'HELLO', 'customer': 'ann', 'points': 250}

        .. versionadded:: 0.1.0
        """
        if isinstance(self.gives, _BENEFITS):
            raise InvalidValue("occasion.gives", self.gives, "points or Money; a benefit is a promotion")
        belongs("occasion", voucher, self)
        use = voucher._uses.get(key)  # noqa: SLF001 - our own
        if use is None or use.state != "confirmed":
            raise NotFound("confirmed use", key)
        facts: dict[str, Any] = {"campaign": self.id, "code": voucher.id, "customer": use.by}
        if isinstance(self.gives, Money):
            facts |= {"amount": self.gives.amount, "currency": self.gives.currency}
        else:
            facts["points"] = self.gives
        return Occasion("voucher", f"{voucher.id}:{key}", use.changed_at, facts)


_CAMPAIGN = _checks.a(Campaign)


def _counts_uses(cap: Cap) -> bool:
    return cap.times is not None and cap.budget is None


def require_campaign(command: str, campaign: Campaign) -> None:
    """Refuse what is no campaign."""
    _CAMPAIGN.require(f"{command}.campaign", campaign)


def belongs(command: str, voucher: Voucher, campaign: Campaign) -> None:
    """Refuse another campaign than the code's."""
    require_campaign(command, campaign)
    if voucher.campaign != campaign.id:
        raise Rejected(command, "other_campaign", {"asked": campaign.id, "allowed": voucher.campaign})


def span(voucher: Voucher, campaign: Campaign) -> tuple[datetime | None, datetime | None]:
    """From when until before when a code can be used; None where nothing limits it."""
    valid = None if campaign.valid is None else campaign.valid.instants(campaign.tz)
    starts = [voucher.usable_from, None if valid is None else valid.start]
    ends = [voucher.expires_at, None if valid is None else valid.end]
    found = [[in_utc("Campaign.valid", each) for each in some if isinstance(each, datetime)] for some in (starts, ends)]
    return max(found[0], default=None), min(found[1], default=None)


def issued_span(campaign: Campaign, at: datetime, *, waits: bool) -> tuple[datetime | None, datetime | None]:
    """What `waits` and `lasts` make of the day on which a code is issued."""
    first, day = None, local_date(at, campaign.tz)
    if waits and campaign.waits is not None:
        first = in_utc("issue.usable_from", campaign.waits.waits(day, campaign.tz))
        day = local_date(first, campaign.tz)
    last = None if campaign.lasts is None else in_utc("issue.expires_at", campaign.lasts.ends(day, campaign.tz))
    return first, last
