"""The parts of the policies for people and for organizations."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relex.matching._comparisons import Comparison, Key, Part, best_of, nickname
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ORGANIZATION_COMPARISONS",
    "ORGANIZATION_KEYS",
    "ORGANIZATION_REVIEW",
    "ORGANIZATION_RULE",
    "PERSON_CIRCLES",
    "PERSON_KEYS",
    "PERSON_REVIEW",
    "PERSON_RULE",
    "person_comparisons",
]


def person_comparisons(nicknames: Iterable[Iterable[str]] = ()) -> tuple[Comparison, ...]:
    """What two persons are compared by."""
    return (
        Comparison("email"),
        Comparison("phone"),
        Comparison("identity", method="osa", levels=("1", "0.8")),
        Comparison("born", method="osa", levels=("1", "0.85", "0.7")),
        Comparison("house"),
        Comparison("region", method="jaro_winkler", levels=("1", "0.8")),
        Comparison("postal", method="osa", levels=("1", "0.75", "0.5")),
        Comparison("city", method="jaro_winkler", levels=("1", "0.85")),
        Comparison(
            "given",
            method=best_of("initial", nickname(nicknames), "jaro_winkler"),
            levels=("1", "0.92", "0.85", "0.75"),
        ),
        Comparison("family", method="jaro_winkler", levels=("1", "0.92", "0.85", "0.75")),
        Comparison("street", method="token_sort", levels=("1", "0.9", "0.8", "0.65")),
    )


PERSON_KEYS = (
    Key("email"),
    Key("phone"),
    Key("identity"),
    Key("born, name", (Part("born"), Part("either_name", first=3))),
    Key("names", (Part("family"), Part("given"))),
    Key("name, postal", (Part("either_name", encode="soundex"), Part("postal"))),
    Key("name, city, house", (Part("either_name", encode="soundex"), Part("city", first=5), Part("house", first=2))),
    Key("family, initial, city", (Part("family", encode="soundex"), Part("given", first=1), Part("city", first=5))),
    Key("given, initial, city", (Part("given", encode="soundex"), Part("family", first=1), Part("city", first=5))),
    Key("name, street", (Part("either_name", encode="soundex"), Part("street", words=2))),
    Key("house, postal", (Part("house"), Part("postal"))),
    Key("start of name, house, city", (Part("either_name", first=2), Part("house"), Part("city"))),
    Key("street, postal", (Part("street", words=2), Part("postal"))),
)
"""What persons must share: never a name with a town alone, of which there are ever more in a larger set."""

PERSON_CIRCLES = (
    ("town", ("city", "postal", "region")),
    ("household", ("city", "family", "house", "phone", "postal", "region", "street")),
)

_SAME = 1
_NAMES = (field("given") >= Decimal("0.85")) & (field("family") >= Decimal("0.90"))
_PLACE = (field("street") == _SAME) & ((field("postal") == _SAME) | (field("city") >= Decimal("0.85")))

PERSON_RULE = _NAMES & ((field("email") == _SAME) | (field("phone") == _SAME) | (field("born") == _SAME) | _PLACE)
PERSON_REVIEW = (field("email") == _SAME) | ((field("phone") == _SAME) & (field("family") >= Decimal("0.90")))

ORGANIZATION_COMPARISONS = (
    Comparison("company_number"),
    Comparison("name", method="jaro_winkler", levels=("1", "0.92", "0.85")),
    Comparison("domain", "company_domain"),
    Comparison("phone"),
    Comparison("postal", method="osa", levels=("1", "0.75")),
    Comparison("city", method="jaro_winkler", levels=("1", "0.85")),
    Comparison("street", method="token_sort", levels=("1", "0.9", "0.8", "0.65")),
)

ORGANIZATION_KEYS = (
    Key("company_number"),
    Key("name"),
    Key("domain", Part("company_domain")),
    Key("phone"),
    Key("start of name, postal", (Part("name", first=4), Part("postal"))),
    Key("street", (Part("street", words=2), Part("postal"))),
)

ORGANIZATION_RULE = (field("company_number") == _SAME) | (
    (field("name") == _SAME) & ((field("domain") == _SAME) | (field("phone") == _SAME) | (field("postal") == _SAME))
)
ORGANIZATION_REVIEW = field("name") == _SAME
