"""What a reward would take and give, worked out once for the quote that never refuses and the command that does.

A reward is looked at in this order: whether the account and the reward are in force, whether its condition holds, what
it would take and be worth, whether the points are there, and what its limits leave. The first that fails is the answer.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import CurrencyMismatch, InvalidValue, Rejected
from relex.loyalty._alike import own_names
from relex.loyalty._asking import asked_facts
from relex.loyalty._benefits import CashOff
from relex.loyalty._cash import Taken, cash_taken
from relex.loyalty._exact import decimal_of
from relex.loyalty._lots import ID, LEFT
from relex.loyalty._occasions import Occasion, facts_of, in_utc, read_occasion
from relex.loyalty._plan import plan_of
from relex.loyalty._points_quote import PointsQuote
from relex.loyalty._priced import PricedBasket, without
from relex.loyalty._pricing import price
from relex.loyalty._reward_limits import Wish, within_limits
from relex.money import Money, minor_digits
from relex.purchases import Discount, Purchase
from relex.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._plan import Plan
    from relex.loyalty._program import Program
    from relex.loyalty._rewards import Reward

__all__ = [
    "check_rewards",
    "currency_of",
    "named_reward",
    "own_points",
    "paid_id",
    "quote",
    "reward_worth",
]


_BASKET_OR_NONE = _checks.optional(_checks.a(Purchase, PricedBasket))


def check_rewards(program: Program) -> None:
    """Refuse rewards that are bought with points that cannot be spent, or do not come out whole, or about wrong facts.

    Raises:
        InvalidValue: Names the reward.
    """
    spendable = [points for points in program.points if not points.qualifying]
    for place, reward in enumerate(program.rewards):
        path = f"Program.rewards[{place}]"
        known = {points.id: points for points in spendable}
        name = reward.currency or next(iter(known), None)
        if name not in known:
            raise InvalidValue(
                f"{path}.currency", name, f"one of {', '.join(known) or '(no points that can be spent)'}"
            )
        of = "benefit.points" if isinstance(reward.benefit, CashOff) else "cost"
        asked: Any = reward.benefit.points if isinstance(reward.benefit, CashOff) else reward.cost
        if (Fraction(asked) * 10 ** known[name].scale).denominator != 1:
            raise InvalidValue(f"{path}.{of}", asked, f"points with at most {known[name].scale} decimal places")
        for amount in () if isinstance(reward.benefit, CashOff) else reward.promotion.currencies:
            if amount != program.currency:
                raise InvalidValue(f"{path}.benefit", reward.benefit, f"amounts in {program.currency}")


def quote(
    program: Program,
    reward: Reward | str,
    account: Account,
    basket: Purchase | PricedBasket | None,
    as_of: datetime,
    wanted: int | None,
    customer: Mapping[str, Any] | None,
    member: str | None,
) -> PointsQuote:
    """See `Program.quote`."""
    if wanted is not None:
        _checks.whole(least=0).require("quote.wanted", wanted)
    found = reward_of(program, reward)
    if found.cost is not None and wanted is not None:
        raise InvalidValue("quote.wanted", wanted, f"None, as {found.id} has a cost of its own")
    if account.program != program.id:
        raise Rejected("quote", "other_program", {"asked": program.id, "allowed": account.program})
    who = account.customer if member is None else member
    at = in_utc("quote.as_of", as_of)
    return _quoted(
        program, account, Wish(found, wanted, at, basket, paid_id("quote", basket), customer, who, asks=True)
    )


def paid_id(command: str, basket: Purchase | PricedBasket | None) -> str | None:
    """Id of the purchase that points pay."""
    _BASKET_OR_NONE.require(f"{command}.basket", basket)
    if basket is None:
        return None
    return basket.basket.id if isinstance(basket, PricedBasket) else basket.id


def _without(basket: Purchase | PricedBasket | None, reward: Reward) -> tuple[Purchase | None, Money | None]:
    """The purchase as it would be without a reward, and what the reward takes off where it was priced already."""
    if not isinstance(basket, PricedBasket):
        return basket, None
    if isinstance(reward.benefit, CashOff):
        return basket.to_purchase(), None
    bought = next((each.amount for each in basket.applied if each.promotion == reward.id), None)
    return without(basket, reward.id).to_purchase(), bought


def reward_of(program: Program, reward: Reward | str) -> Reward:
    """A reward of the program, by itself or by its id.

    Raises:
        InvalidValue: When the program has no such reward.
    """
    found = next((each for each in program.rewards if reward in (each.id, each)), None)
    if found is None:
        known = ", ".join(each.id for each in program.rewards) or "(no rewards)"
        raise InvalidValue("reward", reward, f"one of {known}")
    return found


def named_reward(command: str, program: Program, name: str) -> Reward | None:
    """The reward of that id; None of a program that lists no rewards, for they are kept elsewhere.

    Raises:
        Rejected: `unknown_reward` with those that there are.
    """
    if not program.rewards:
        return None
    found = next((each for each in program.rewards if each.id == name), None)
    if found is None:
        allowed = tuple(each.id for each in program.rewards)
        raise Rejected(command, "unknown_reward", {"asked": name, "allowed": allowed})
    return found


def reward_worth(command: str, program: Program, account: Account, wish: Wish) -> Money:
    """What the points of a redemption are worth, for which a reward is named.

    Raises:
        Rejected: When the reward cannot be had like this; the details say what could be.
    """
    reward = wish.reward
    scale = 10 ** plan_of(program).currencies[currency_of(program, reward)].scale
    if reward.cost is not None and wish.wanted != _cost(reward, scale):
        raise Rejected(
            command, "other_cost", {"reward": reward.id, "asked": wish.wanted, "allowed": _cost(reward, scale)}
        )
    found = _quoted(program, account, wish)
    if found.points != wish.wanted:
        _refuse(command, reward, found, scale)
    return found.worth


def _refuse(command: str, reward: Reward, found: PointsQuote, scale: int) -> None:
    why = found.limited_by or ""
    details: dict[str, object] = {"reward": reward.id, "asked": found.wanted, "allowed": found.points}
    if why == "available":
        raise Rejected(command, "insufficient_points", {"asked": found.wanted, "available": found.available})
    if why == "below_minimum" and isinstance(reward.benefit, CashOff):
        details["minimum"] = ceil(Fraction(reward.benefit.minimum) * scale)
    code, _, about = why.partition(":")
    if about:
        details["because"] = about
    raise Rejected(command, {"capped_by": "capped", "unknown": "condition"}.get(code, code), details)


def own_points(account: Account, program: Program, currency: str, purchase: str | None, at: datetime) -> int:
    """What is left of the points that a purchase earned, and may not be spent on it."""
    if purchase is None or program.same_purchase:
        return 0
    award = account._find(("purchase", purchase))  # noqa: SLF001 - our own
    if award is None:
        return 0
    names = {credit.lot for credit in award.credits if credit.currency == currency}
    book = account._ledger_at(at).books.get(currency) if names else None  # noqa: SLF001 - our own
    return 0 if book is None else sum([lot[LEFT] for lot in book.open if lot[ID] in names])


def _quoted(program: Program, account: Account, wish: Wish) -> PointsQuote:
    plan = plan_of(program)
    reward, currency = wish.reward, currency_of(program, wish.reward)
    scale = 10 ** plan.currencies[currency].scale
    own = own_points(account, program, currency, wish.purchase, wish.at)
    sale, bought = _without(wish.basket, reward)
    wish = wish._replace(basket=sale)
    there = account.balance(as_of=wish.at, points=currency).available
    common: dict[str, Any] = {
        "reward": reward.id,
        "currency": currency,
        "wanted": wish.wanted if reward.cost is None else _cost(reward, scale),
        "available": max(0, there - own),
        "own": own,
        "payable": _payable(program, sale),
    }
    why = _shut(plan, account, wish)
    if why is not None:
        return PointsQuote(points=0, worth=Money.of_minor(0, program.currency), limited_by=why, **common)
    spendable = max(common["available"], wish.wanted or 0) if wish.allow_debt else common["available"]
    taken = _taken(plan, common, spendable, scale, wish, bought)
    taken = within_limits(plan, account, wish, taken, scale)
    return PointsQuote(points=taken.points, worth=taken.worth, limited_by=taken.limited_by, **common)


def currency_of(program: Program, reward: Reward) -> str:
    """The currency that the reward is bought with; a program makes sure that there is one."""
    if reward.currency is not None:
        return reward.currency
    return next(points.id for points in program.points if not points.qualifying)


def _cost(reward: Reward, scale: int) -> int:
    return int(Fraction(reward.cost or 0) * scale)


def _payable(program: Program, basket: Any) -> Money | None:
    """What is to be paid of a basket, less what was paid already."""
    if basket is None:
        return None
    total: Money = basket.total
    if total.currency != program.currency:
        raise CurrencyMismatch(program.currency, total.currency)
    paid = sum([Fraction(payment.amount) for payment in basket.payments], Fraction(0))
    return Money.rounded(max(Fraction(0), Fraction(total.amount) - paid), total.currency)


def _shut(plan: Plan, account: Account, wish: Wish) -> str | None:
    """Why the reward cannot be had at all; None when it can."""
    reward = wish.reward
    if account.status != "open":
        return account.status
    if reward.valid is not None and not plan.holds(reward.valid, wish.at):
        return "not_in_force"
    if wish.basket is None and isinstance(reward.benefit, CashOff) and reward.benefit.share < 1:
        return "no_basket"
    if reward.when is None:
        return None
    verdict = evaluate(reward.when, _facts(plan, account, wish), wish.at)
    if verdict.answer is None:
        return f"unknown:{verdict.reasons[0].partition(':')[2]}"
    return None if verdict.answer else "condition"


def _facts(plan: Plan, account: Account, wish: Wish) -> dict[str, Any]:
    """What the condition of a reward asks about."""
    asked = dict(asked_facts(account, plan, wish.at, account.tier_at(wish.at), wish.customer))
    whole = wish.basket if wish.basket is not None else Occasion("reward", wish.reward.id, wish.at)
    reading: Any = read_occasion(whole, wish.at, plan.digits)
    if wish.basket is not None:
        asked |= {f"basket.{name}": ask for name, ask in _basket_facts(wish.basket, reading).items()}
    names = () if wish.reward.when is None else own_names(wish.reward.when)
    return facts_of(names, reading, asked, plan.program.tz)


def _basket_facts(basket: Purchase, reading: Any) -> dict[str, Any]:
    """Facts of a basket by name, each worked out when it is asked for; `total` is what its lines come to."""
    return {
        "total": reading.total,
        "list": lambda: decimal_of(sum(basket.figures.gross), reading.digits),
        "quantity": lambda: basket.quantity,
        "items": lambda: len(basket.lines),
        "channel": lambda: basket.channel,
        "store": lambda: basket.store,
        "customer": lambda: basket.customer,
        "currency": lambda: basket.currency,
    }


def _taken(plan: Plan, common: dict[str, Any], spendable: int, scale: int, wish: Wish, bought: Money | None) -> Taken:
    """What the reward takes and is worth before its limits."""
    reward, currency = wish.reward, plan.program.currency
    if isinstance(reward.benefit, CashOff):
        payable = common["payable"]
        return cash_taken(
            reward.benefit, wanted=wish.wanted, available=spendable, payable=payable, currency=currency, scale=scale
        )
    if common["wanted"] > spendable:
        return Taken(0, Money.of_minor(0, currency), "available")
    if wish.basket is None or bought is not None:
        return Taken(common["wanted"], bought or Money.of_minor(0, currency), None)
    return _bought(plan, reward, wish, common["wanted"])


def _by_lines(sale: Purchase) -> Purchase:
    """A sale with the discounts of the whole as discounts of its lines, by their shares."""
    if not sale.discounts:
        return sale
    lines = []
    digits = minor_digits(sale.currency)
    for line, gross, off in zip(sale.lines, sale.figures.gross, sale.figures.discount, strict=True):
        own = (Discount(amount=decimal_of(off, digits)),) if off else ()
        listed: dict[str, Any] = (
            {"gross": decimal_of(gross, digits), "unit_price": None} if sale.rounding == "total" else {}
        )
        lines.append(attrs.evolve(line, discounts=own, **listed))
    return attrs.evolve(sale, lines=tuple(lines), discounts=())


def _bought(plan: Plan, reward: Reward, wish: Wish, cost: int) -> Taken:
    """What a discount or gift takes off the basket as it stands; nothing is taken for nothing."""
    told = {f"customer.{name.removeprefix('customer.')}": value for name, value in (wish.customer or {}).items()}
    priced = price(_by_lines(wish.basket), [reward.promotion], at=wish.at, facts=told, tz=plan.program.tz)
    why = priced.why(reward.id)
    amounts = [each.amount for each in priced.applied]
    return Taken(cost if why is None else 0, Money.sum(amounts, plan.program.currency), why)
