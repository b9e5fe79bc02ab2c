"""The minor units of ISO 4217: how many decimals an amount of a currency has when it is paid."""

from __future__ import annotations

from decimal import Decimal

from relex import _checks
from relex.errors import InvalidValue

__all__ = ["CODES", "QUANTA", "minor_digits", "quantum"]

# List One of ISO 4217 as published on 2026-01-01, by the number of decimals.
# XAU, XDR, XXX and the other codes that the list gives no minor unit have none here either.
_ACTIVE = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
        "CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
        "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
        "MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP "
        "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG "
        "YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

# Withdrawn since 2010: purchases of those years are still read.
_WITHDRAWN = {0: "BYR", 2: "ANG BGN CUC EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL"}

_DIGITS = {code: digits for table in (_ACTIVE, _WITHDRAWN) for digits, codes in table.items() for code in codes.split()}
CODES = {code: code for code in _DIGITS}  # from an equal str to the one str that all amounts share
QUANTA = {code: Decimal(1).scaleb(-digits) for code, digits in _DIGITS.items()}


def minor_digits(currency: str) -> int:
    """The number of decimals of a currency's minor unit, as ISO 4217 has it.

    Active codes and those withdrawn since 2010 are known.

    Raises:
        InvalidValue: For text that is no currency code, and for a code without a minor unit (`XAU`, one's own codes).

    Example:
        >>> minor_digits("USD"), minor_digits("JPY"), minor_digits("KWD")
        (2, 0, 3)

    .. versionadded:: 0.1.0
    """
    try:
        return _DIGITS[currency]
    except (KeyError, TypeError):
        raise _refused(currency) from None


def quantum(currency: str) -> Decimal:
    """The minor unit as an amount, such as 0.01; `InvalidValue` when the currency has none."""
    try:
        return QUANTA[currency]
    except (KeyError, TypeError):  # the latter for what cannot be hashed
        raise _refused(currency) from None


def _refused(currency: object) -> InvalidValue:
    check = _checks.currency_code
    expected = "a currency with a minor unit; for another name the step with `to=`"
    return InvalidValue("currency", currency, expected if check.passes(currency) else check.expected)
