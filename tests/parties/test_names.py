"""Names are kept as they are and shown without guessing."""

from __future__ import annotations

import pytest

from relex.errors import InvalidValue
from relex.parties import OrganizationName, PersonName


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"full": "山田 太郎", "given": "太郎", "family": "山田"}, "山田 太郎"),
        ({"given": "Tarō", "family": "Yamada", "order": "family-first"}, "Yamada Tarō"),
        ({"given": "Ada", "middle": "K.", "family": "Lovelace", "order": "given-first"}, "Ada K. Lovelace"),
        ({"given": "Ada", "family": "Lovelace", "suffix": "Jr.", "prefix": "Dr."}, "Dr. Lovelace, Ada Jr."),
        ({"given": "Ada"}, "Ada"),
        ({"family": "Lovelace", "prefix": "Dr."}, "Dr. Lovelace"),
    ],
)
def test_a_name_shows_its_parts_in_their_order(fields: dict[str, str], expected: str) -> None:
    assert expected == str(PersonName(**fields))


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "PersonName"),
        ({"prefix": "Dr."}, "PersonName"),
        ({"full": ""}, "PersonName.full"),
        ({"given": 1}, "PersonName.given"),
        ({"given": "Ada", "order": "western"}, "PersonName.order"),
    ],
)
def test_a_bad_name_of_a_person_is_one_clear_error(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        PersonName(**fields)  # type: ignore[arg-type]

    assert path == caught.value.path


def test_a_bad_name_of_an_organization_is_one_clear_error() -> None:
    with pytest.raises(InvalidValue, match=r"OrganizationName.form_position"):
        OrganizationName("Casa Ltd", form_position="left")


def test_an_organization_shows_its_full_name() -> None:
    assert str(OrganizationName("Casa Ltd", core="casa", legal_form="ltd", form_position="end")) == "Casa Ltd"
