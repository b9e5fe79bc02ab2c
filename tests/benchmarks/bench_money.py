"""Money beside py-moneyed, stockholm and bare Decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row

from relex.money import Money, allocate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TIMES = 200
_MANY = 2_000
_RATE = Decimal("1.0825")
_CENT = Decimal("0.01")


def rows() -> Iterator[Row]:
    """Every operation that a purchase or a forecast does many times."""
    import moneyed  # noqa: PLC0415 - a peer may be missing
    import stockholm  # noqa: PLC0415

    kinds: dict[str, Callable[[str], Any]] = {
        "ours": lambda amount: Money(amount, "USD"),
        "py-moneyed": lambda amount: moneyed.Money(amount, "USD"),
        "stockholm": lambda amount: stockholm.Money(amount, "USD"),
        "bare Decimal": Decimal,
    }
    yield _add(kinds)
    yield _compare(kinds)
    yield _construct(kinds)
    yield _sum(kinds)
    yield _times(kinds)
    yield _allocation()


def _row(name: str, calls: dict[str, Callable[[], object]], per: int, **more: Any) -> Row:
    ours = calls.pop("ours")
    return Row(name=f"Money: {name}", ours=ours, peers=calls, per=per, **more)


def _repeated(left: Any, operation: Callable[[Any, Any], object], right: Any) -> Callable[[], object]:
    def run() -> None:
        for _ in range(_TIMES):
            operation(left, right)

    return run


def _add(kinds: dict[str, Callable[[str], Any]]) -> Row:
    def calls(make: Callable[[str], Any]) -> Callable[[], object]:
        left, right = make("12.50"), make("7.25")

        def run() -> None:
            for _ in range(_TIMES):
                left + right

        return run

    return _row("add", {name: calls(make) for name, make in kinds.items()}, _TIMES, at_most=0.45e-6)


def _compare(kinds: dict[str, Callable[[str], Any]]) -> Row:
    def calls(make: Callable[[str], Any]) -> Callable[[], object]:
        left, right = make("12.50"), make("7.25")

        def run() -> None:
            for _ in range(_TIMES):
                left < right  # noqa: B015 - comparing is what is timed

        return run

    return _row("compare", {name: calls(make) for name, make in kinds.items()}, _TIMES)


def _construct(kinds: dict[str, Callable[[str], Any]]) -> Row:
    def calls(make: Callable[[str], Any]) -> Callable[[], object]:
        def run() -> None:
            for _ in range(_TIMES):
                make("12.50")

        return run

    note = "from text; ours checks digits and currency"
    return _row("construct", {name: calls(make) for name, make in kinds.items()}, _TIMES, note=note)


def _sum(kinds: dict[str, Callable[[str], Any]]) -> Row:
    amounts = {name: [make(f"{n}.25") for n in range(_MANY)] for name, make in kinds.items()}
    ours = amounts["ours"]
    assert Money.sum(ours).amount == sum(amounts["bare Decimal"])
    calls: dict[str, Callable[[], object]] = {
        "ours": lambda: Money.sum(ours),
        "py-moneyed": lambda: sum(amounts["py-moneyed"]),
        "stockholm": lambda: sum(amounts["stockholm"]),
        "bare Decimal": lambda: sum(amounts["bare Decimal"]),
    }
    return _row("sum of a list, per item", calls, _MANY, at_most=60e-9)


def _times(kinds: dict[str, Callable[[str], Any]]) -> Row:
    ours, peer, bare = kinds["ours"]("12.57"), kinds["py-moneyed"]("12.57"), Decimal("12.57")
    assert ours.times(_RATE).amount == (bare * _RATE).quantize(_CENT, ROUND_HALF_UP)
    calls = {
        "ours": _repeated(ours, Money.times, _RATE),
        "py-moneyed": _repeated(peer, lambda money, rate: (money * rate).round(2), _RATE),
        "bare Decimal": _repeated(bare, lambda amount, rate: (amount * rate).quantize(_CENT, ROUND_HALF_UP), _RATE),
    }
    return _row("times a rate, rounded", calls, _TIMES, note="ours checks the rate and names the mode")


def _allocation() -> Row:
    weights = [4300, 1400, 2300, 700, 50, 999, 1]

    def by_hand() -> object:
        whole = sum(weights)
        parts = [1299 * weight // whole for weight in weights]
        rests = [1299 * weight % whole for weight in weights]
        for place in sorted(range(len(weights)), key=lambda place: -rests[place])[: 1299 - sum(parts)]:
            parts[place] += 1
        return tuple(parts)

    assert allocate(1299, weights) == by_hand()
    return Row(
        name="allocate over 7 weights",
        ours=lambda: [allocate(1299, weights) for _ in range(_TIMES)],
        peers={"by hand": lambda: [by_hand() for _ in range(_TIMES)]},
        per=_TIMES,
    )
