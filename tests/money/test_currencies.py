"""Minor units of currencies."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.money import minor_digits
from relex.money._currencies import CODES, QUANTA


@pytest.mark.parametrize(
    ("digits", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "AUD BRL CAD CHF CNY EUR GBP HKD HUF INR MGA MRU MXN NOK PLN SEK SGD TRY TWD USD XCG ZAR"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_active_codes(digits: int, codes: str) -> None:
    assert {digits} == {minor_digits(code) for code in codes.split()}


def test_every_active_code_and_a_few_withdrawn_ones_are_known() -> None:
    assert 165 + 14 == len(CODES) == len(QUANTA)


@pytest.mark.parametrize("code", ["HRK", "BGN", "LTL"])
def test_codes_withdrawn_lately_are_known(code: Any) -> None:
    assert minor_digits(code) == 2


@pytest.mark.parametrize("code", ["XAU", "XDR", "XTS", "XXX", "QQQ"])
def test_codes_without_a_minor_unit(code: Any) -> None:
    with pytest.raises(InvalidValue, match="with a minor unit"):
        minor_digits(code)


@pytest.mark.parametrize("code", ["usd", "US", "", 840, None, []])
def test_what_is_no_code(code: Any) -> None:
    with pytest.raises(InvalidValue, match="three capital letters"):
        minor_digits(code)
