"""Keys of names, organizations, addresses and phones beside the libraries that do a part of the same work.

The peers do other things: anyascii writes any script in ASCII, cleanco strips legal forms, email-validator judges
the syntax, phonenumbers knows the plans of all countries. The rows tell what a key costs where one is needed for each
of millions of records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import phonenumbers
from anyascii import anyascii
from benchmarks.harness import Row
from cleanco import basename
from email_validator import validate_email

from relex.adapters.contacts import PhoneNumbers
from relex.parties import address_key, email_key, fold, name_key, organization_key, phone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLAIN = ("Ada Lovelace", "O'Brien", "Smith", "Van der Berg", "ANNA BERG")
LATIN = ("Müller", "François", "Łoś", "Ångström", "Nguyễn Văn")
JAPANESE = ("山田 太郎", "髙橋", "ﾔﾏﾀﾞ ﾀﾛｳ", "ふぁーすと", "渡邊")
COMPANIES = ("Hello World, ltd.", "Müller GmbH & Co. KG", "Samsung Electronics Co., Ltd.", "Acme", "Łoś spółka z o.o")
STREETS = (
    "12 Main St., Springfield",
    "Storgatan 1",
    "東京都千代田区１−２ー３",
    "5, Rue de l'Église",
    "Unit 4",
)
MAILS = ("John.Doe+tag@gmail.com", "ada@example.org", "ANNA.BERG@Example.com", "info@acme.co.uk", "me@x.org")
NUMBERS = ("+81 90-1234-5678", "+44 20 7946 0958", "(650) 253-0000", "650-253-0000", "1 650 253 0000 x12")


def rows() -> Iterator[Row]:
    """One key, the mean of five typical texts."""
    yield _row("name_key: plain names", name_key, PLAIN, 1e-6, {"anyascii, lower": lambda text: anyascii(text).lower()})
    yield _row("name_key: accents", name_key, LATIN, 5e-6, {"anyascii, lower": lambda text: anyascii(text).lower()})
    yield _row("name_key: Japanese", name_key, JAPANESE, 5e-6)
    yield _row("fold: plain names", fold, PLAIN, 1e-6)
    yield _row("organization_key: Latin forms", organization_key, COMPANIES, 10e-6, {"cleanco": basename})
    yield _row("address_key", address_key, STREETS, 5e-6)
    yield _row("email_key", email_key, MAILS, 1.5e-6, {"email-validator": _validated})
    yield _row("phone", lambda text: phone(text, "US"), NUMBERS, 4e-6, {"phonenumbers": _parsed})
    yield _row("phone: read by PhoneNumbers", lambda text: phone(text, "US", reader=PhoneNumbers()), NUMBERS, None)


def _row(
    name: str,
    key: Callable[[str], object],
    texts: tuple[str, ...],
    bar: float | None,
    peers: dict[str, Callable[[str], object]] | None = None,
) -> Row:
    return Row(
        name=name,
        ours=_all(key, texts),
        peers={peer: _all(call, texts) for peer, call in (peers or {}).items()},
        per=len(texts),
        at_most=bar,
    )


def _all(key: Callable[[str], object], texts: tuple[str, ...]) -> Callable[[], object]:
    return lambda: [key(text) for text in texts]


def _validated(text: str) -> object:
    return validate_email(text, check_deliverability=False)


def _parsed(text: str) -> object:
    return phonenumbers.format_number(phonenumbers.parse(text, "US"), phonenumbers.PhoneNumberFormat.E164)
