"""What is odd about e-mail addresses, at the edges of the rules."""

from __future__ import annotations

from decimal import Decimal

import pytest

from relex.customers import QualityPolicy, email_flags
from relex.errors import InvalidValue


def codes(text: str, policy: QualityPolicy | None = None) -> list[str]:
    return [flag.code for flag in email_flags(text, policy or QualityPolicy())]


@pytest.mark.parametrize(
    "text",
    ["ada", "@x.org", "ada@", "ada @x.org", "ada@x.org, bo@x.org", "ada@x,org", "ada@home", "ada@.x.org", "ada@x..org"],
)
def test_what_is_no_address(text: str) -> None:
    assert "not-an-email" in codes(text)


@pytest.mark.parametrize(
    "text", ["ada@x.org", " ada@x.org ", "Ada Berg <ada@x.org>", "mailto:ada@x.org", "ａｄａ＠x.org", "ada@x.org."]
)
def test_what_is_an_address(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("text", [".ada@x.org", "ada.@x.org", "a..da@x.org"])
def test_legacy_local_parts(text: str) -> None:
    assert codes(text) == ["legacy-local-part"]


@pytest.mark.parametrize("text", ["a@x.test", "a@EXAMPLE.com", "a@mail.example.org", "a@x.invalid"])
def test_reserved_domains(text: str) -> None:
    assert codes(text) == ["reserved-domain"]


def test_a_domain_without_a_dot_is_reserved_too() -> None:
    assert codes("a@localhost") == ["not-an-email", "reserved-domain"]


def test_a_domain_that_only_ends_alike_is_another_one() -> None:
    assert codes("a@notmailinator.com") == []


@pytest.mark.parametrize("text", ["Info@x.org", "sales+eu@x.org"])
def test_role_addresses(text: str) -> None:
    assert codes(text) == ["role-address"]


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmail.con", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),
        ("gmx.dee", "gmx.de"),
        ("gmail.com.br", None),
        ("gmx.at", None),
        ("yahoo.co.uk", None),
        ("gmail.com", None),
    ],
)
def test_typos(domain: str, meant: str | None) -> None:
    found = email_flags(f"Ada.B@{domain}")

    assert [flag.suggestion for flag in found] == ([] if meant is None else [f"Ada.B@{meant}"])


@pytest.mark.parametrize(("domain", "code"), [("yopmail.com", "disposable-domain"), ("mozmail.com", "privacy-relay")])
def test_a_domain_on_a_list_is_no_typo(domain: str, code: str) -> None:
    assert codes(f"ada@{domain}") == [code]


def test_a_comma_for_a_dot() -> None:
    found = {flag.code: flag.suggestion for flag in email_flags("ada@gmail,com")}

    assert found == {"not-an-email": None, "typo-domain": "ada@gmail.com"}


def test_the_first_known_domain_wins_a_tie() -> None:
    policy = QualityPolicy(known_domains=["abcdex.org", "abcdey.org"])

    assert email_flags("a@abcdez.org", policy)[0].suggestion == "a@abcdex.org"


def test_a_better_one_beats_the_first() -> None:
    policy = QualityPolicy(known_domains=["abcdxy.org", "abcdey.org"])

    assert email_flags("a@abcdez.org", policy)[0].suggestion == "a@abcdey.org"


def test_the_likeness_is_of_the_policy() -> None:
    assert codes("a@gmial.com", QualityPolicy(likeness=Decimal("0.9"))) == []


@pytest.mark.parametrize("allow", ["info@bol.com", "INFO@BOL.COM", "bol.com"])
def test_an_address_or_a_domain_is_allowed(allow: str) -> None:
    assert codes("info@bol.com", QualityPolicy(allow=[allow])) == []


def test_a_text_that_is_no_address_is_allowed() -> None:
    assert codes("none", QualityPolicy(allow=["none"])) == []


def test_a_placeholder() -> None:
    assert codes("n/a") == ["not-an-email", "placeholder"]


def test_nothing_at_all() -> None:
    assert codes("") == ["not-an-email"]


def test_a_megabyte_is_looked_at_in_no_time() -> None:
    assert codes("が" * 1_000_000 + "@x.org") == ["not-an-email"]


@pytest.mark.parametrize(("text", "policy"), [(7, QualityPolicy()), ("a@x.org", "strict")], ids=str)
def test_other_types_are_refused(text: object, policy: object) -> None:
    with pytest.raises(InvalidValue, match="email_flags"):
        email_flags(text, policy)  # type: ignore[arg-type]
