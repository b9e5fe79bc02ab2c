"""The readers of phones and e-mail addresses: they agree with the core, and reach no network."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec, module_from_spec

import phonenumbers
import pytest
from hypothesis import given, settings, strategies as st

from relex.adapters.contacts import EmailAddresses, PhoneNumbers
from relex.errors import InvalidValue
from relex.parties import DIALING, Phone, email_key, phone

READER = PhoneNumbers()
ADDRESSES = EmailAddresses()
FORMS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.RFC3966,
)
EXAMPLES = [
    (region, kind, example)
    for region in sorted(DIALING)
    for kind in sorted(phonenumbers.PhoneNumberType.values())
    if (example := phonenumbers.example_number_for_type(region, kind)) and len(str(example.national_number)) > 7
]
STYLES = ("+{code}{digits}", "+{code} (0){digits}", "{trunk}{digits}", "{abroad}{code}{digits}")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("region", "kind", "example"), EXAMPLES, ids=[f"{region}-{kind}" for region, kind, _ in EXAMPLES]
)
def test_core_and_library_read_examples_alike(
    region: str, kind: int, example: phonenumbers.PhoneNumber, form: int
) -> None:
    text = phonenumbers.format_number(example, form)
    found = phone(text, region, reader=READER)

    assert found.validity == "valid", kind
    assert found.e164 == phone(text, region).e164


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """Digits in the ways that people write them in one region, most of them no number at all."""
    region = draw(st.sampled_from(sorted(set(DIALING) - {"KR"})))
    code, trunk, abroad = DIALING[region]
    digits = draw(st.text("0123456789", min_size=1, max_size=13))
    style = draw(st.sampled_from(STYLES if trunk == "0" else STYLES[::2]))
    text = style.format(code=code, trunk=trunk or "", abroad=abroad or "+", digits=digits)
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(st.sampled_from(["", " ", "-", ".", "/"])) * (place > 0) + text[place:], region


@settings(max_examples=100)
@given(written())
def test_where_core_and_library_answer_they_agree(case: tuple[str, str]) -> None:
    """But for the prefixes of Korean carriers (081 to 085), which only the library knows."""
    text, region = case
    core, library = phone(text, region), phone(text, region, reader=READER)

    assert core.e164 is None or library.e164 in {None, core.e164}


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("070-123 45 67 ext 9", "SE", Phone(e164="+46701234567", extension="9", validity="valid")),
        ("+298 211234", None, Phone(e164="+298211234", validity="valid")),
        ("+8100777012", None, Phone(e164="+8100777012", validity="valid")),
        ("000-000-0000", "US", Phone(e164="+10000000000", validity="invalid")),
        ("253-0000", "US", Phone(validity="invalid", reason="too-short")),
        ("+46 1", None, Phone(reason="too-short")),
        ("+46 70 123 45 67 89 01", None, Phone(e164="+467012345678901", validity="invalid")),
        ("070-123 45 67 89 01", "SE", Phone(validity="invalid", reason="too-long")),
        ("010 123 45 67", "SE", Phone(e164="+46101234567", validity="valid")),
        ("123", None, Phone(reason="no-region")),
        ("", None, Phone(reason="not-a-phone")),
        ("+999 123 4567", None, Phone(reason="not-a-phone")),
        ("1" * 20, "SE", Phone(reason="too-long")),
    ],
)
def test_what_the_library_says(text: str, region: str | None, expected: Phone) -> None:
    assert expected == phone(text, region, reader=READER)


@pytest.mark.parametrize(
    "text",
    [
        "ada@x.org",
        "Ada <Ada@X.org>",
        "john..doe@docomo.ne.jp",
        ".a.@x.org",
        '"a b"@x.org',
        "ada@臺網中心.tw",
    ],
)
def test_addresses_that_are_some(text: str) -> None:
    """Dots that carriers have issued are fine."""
    assert ADDRESSES.problem(text) is None
    assert email_key(text) == ADDRESSES.key(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "a b@x.org",
        "ada@-x.org",
        "ada@localhost",
        "ada@x.test",
        "ada@x_y.org",
        f"{'a' * 400}@x.org",
        "..@x..org",
    ],
)
def test_addresses_that_are_none(text: str) -> None:
    assert ADDRESSES.key(text) is None
    assert ADDRESSES.problem(text)


@settings(max_examples=100)
@given(st.text() | st.emails() | st.builds("{}@{}".format, st.text(max_size=8), st.text(max_size=8)))
def test_an_address_has_the_key_of_the_core_or_none(text: str) -> None:
    assert ADDRESSES.key(text) in {None, email_key(text)}


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidValue, match="a str"):
        ADDRESSES.key(7)  # type: ignore[arg-type]


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - ours


@pytest.mark.parametrize(("module", "library"), [("_phones", "phonenumbers"), ("_emails", "email_validator")])
def test_a_missing_library_names_what_to_install(module: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    spec = find_spec(f"relex.adapters.contacts.{module}")
    assert spec is not None
    assert spec.loader is not None

    with pytest.raises(ImportError, match=r"pip install 'relex-crm\[contacts\]'"):
        spec.loader.exec_module(module_from_spec(spec))


def test_nothing_asks_the_network() -> None:
    """An audit hook sees no socket, no file, and no resolver is ever loaded."""
    program = """
import sys
from relex.adapters.contacts import EmailAddresses, PhoneNumbers
from relex.parties import phone
reader, emails = PhoneNumbers(), EmailAddresses()
phone("+81 3 1234 5678", reader=reader), emails.key("ada@example.org")
seen = []
sys.addaudithook(lambda event, arguments: seen.append(event) if event.startswith("socket.") else None)
for text in ("ada@gmail.com", "ada@no-such-domain.example", "ada@xn--fiqq24b10vi0d.tw", "+46 70 123 45 67"):
    phone(text, reader=reader), emails.key(text)
print(seen, [name for name in sys.modules if name.split(".")[0] == "dns"])
"""

    assert run(program) == "[] []"


def test_the_package_of_adapters_loads_no_library() -> None:
    program = "import sys, relex.adapters; print({'phonenumbers', 'email_validator', 'sqlalchemy'} & set(sys.modules))"

    assert run(program) == "set()"
