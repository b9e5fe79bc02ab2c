"""Keys of e-mail addresses, beyond the published cases."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.parties import email_key, mailbox_key, registered_domain


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" mailto:Ada@X.org. ", "ada@x.org"),
        ("MAILTO: mailto:ada@x.org", "ada@x.org"),
        ("Ada <mailto:ada@x.org>", "ada@x.org"),
        ("<a@x.org> <b@x.org>", "b@x.org"),
        ("ada@work@x.org", "ada@work@x.org"),
        ("ada < x.org", None),
        ("ada @ x.org", "ada@x.org"),
        ("@x.org", None),
        ("ada@", None),
        ("ada@ . ", None),
        ("<>ada@x.org", None),
        ("GRÜẞE@STRASSE.de", "grüsse@strasse.de"),
        ("ada@straße.de", "ada@strasse.de"),
        ("ada@xn--strae-oqa.de", "ada@strasse.de"),
        ("ada@XN--BCHER-KVA.example", "ada@bücher.example"),
        ("ada@xn--12c1fe0br.xn--o3cw4h", "ada@ศึกษา.ไทย"),
        ("ada@xn--.org", "ada@xn--.org"),
        ("ada@xn--a.org", "ada@xn--a.org"),
        ("ada@xn--a-.org", "ada@xn--a-.org"),
        ("ada@xn--99999999.org", "ada@xn--99999999.org"),
        ("ada@xn--é.org", "ada@xn--é.org"),
        (f"ada@xn--{'a' * 60}-9.org", f"ada@xn--{'a' * 60}-9.org"),
    ],
)
def test_keys(text: str, key: str | None) -> None:
    """What does not decode to letters stays as it is."""
    assert key == email_key(text)


@pytest.mark.parametrize("letters", ["a＠b", "ｘn--a", "\u200b", "a。b", "a b\u3000"], ids=ascii)
def test_a_label_that_decodes_to_signs_stays(letters: str) -> None:
    label = "xn--" + letters.encode("punycode").decode()

    assert f"ada@{label}.org" == email_key(f"ada@{label}.org")


def test_case_of_the_local_part_can_be_kept() -> None:
    assert email_key("Ada@X.org", local_case="keep") == "Ada@x.org"


@pytest.mark.parametrize("function", [email_key, mailbox_key], ids=["email", "mailbox"])
def test_another_case_is_refused(function: Any) -> None:
    with pytest.raises(InvalidValue, match=r"local_case: expected one of fold, keep"):
        function("ada@x.org", local_case="upper")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("J.O.H.N+x+y@googlemail.com", "john@gmail.com"),
        ("john.doe+tag@example.org", "john.doe+tag@example.org"),
        ("+tag@gmail.com", "+tag@gmail.com"),
        ("...@gmail.com", "...@gmail.com"),
        ("john +x@gmail.com", "john@gmail.com"),
        ("mail.to:john@gmail.com", "john@gmail.com"),
        ("Mail.to:@googlemail.com", "mail.to:@gmail.com"),
        ("john", None),
    ],
)
def test_mailboxes(text: str, key: str | None) -> None:
    """A provider ignores nothing that would leave nothing."""
    assert key == mailbox_key(text)


def test_gmail_has_no_case() -> None:
    assert mailbox_key("John@gmail.com", local_case="keep") == "john@gmail.com"


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("ada@mail.example.co.uk", "example.co.uk"),
        ("WWW.Example.com.", "example.com"),
        ("a.b.c.example.org", "example.org"),
        ("co.uk", None),
        ("localhost", None),
        ("ada@192.168.0.1", None),
        ("ada@[192.168.0.1]", None),
        ("x..org", None),
        ("a b.org", None),
        ("", None),
    ],
)
def test_registered_domains(text: str, domain: str | None) -> None:
    assert domain == registered_domain(text)


def test_the_shared_suffixes_are_an_argument() -> None:
    assert registered_domain("ada.github.io", suffixes={"github.io"}) == "ada.github.io"


@pytest.mark.parametrize("suffixes", [None, 0, "co.uk", b"co.uk"])
def test_shared_suffixes_are_a_set(suffixes: Any) -> None:
    with pytest.raises(InvalidValue):
        registered_domain("ada.co.uk", suffixes=suffixes)
