"""What groups add to a reading, and what moved it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Metric, contributions, explain_change

NPS = Metric.nps()
WEB, STORE, NONE = NPS.read_scores([9, 10, 3]), NPS.read_scores([7, 2]), NPS.read_scores([None])


def test_a_group_without_answers_adds_nothing() -> None:
    found = contributions({"web": WEB, "store": STORE, "app": NONE})

    assert found == {"web": 20, "store": -20, "app": 0}
    assert contributions({"app": NONE}) == {"app": 0}


def test_weighted_groups_add_by_their_weight() -> None:
    groups = {"a": NPS.read_scores([9], weights=[3]), "b": NPS.read_scores([3], weights=[1])}

    assert contributions(groups) == {"a": Fraction(75, 2), "b": Fraction(-75, 2)}


def test_groups_that_come_and_go_are_mix() -> None:
    explained = explain_change({"web": WEB, "store": STORE}, {"web": WEB, "app": STORE, "new": NONE})
    found = {each.group: (each.within, each.mix) for each in explained.groups}

    assert found == {"web": (0, 0), "store": (0, 20), "app": (0, -20), "new": (0, 0)}
    assert (explained.change, explained.within, explained.mix) == (0, 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ({}, {"a": WEB}, "before"),
        ({"a": WEB}, {"a": "9"}, "after"),
        ({"a": WEB}, [WEB], "after"),
        ({"a": NONE}, {"a": WEB}, r"before: expected at least one answer that counts"),
        ({"a": WEB}, {"a": NONE}, r"after: expected at least one answer that counts"),
    ],
    ids=["no group", "text", "list", "nothing before", "nothing after"],
)
def test_what_is_not_explained(before: Any, after: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"explain_change\.{path}"):
        explain_change(before, after)


def test_groups_of_several_metrics_are_refused() -> None:
    other = Metric.rating().read_scores([5])

    with pytest.raises(InvalidValue, match=r"Reading\.metric"):
        explain_change({"a": WEB}, {"a": other})
    with pytest.raises(InvalidValue, match=r"contributions\.groups"):
        contributions({})


def test_it_is_told_in_words_and_as_a_table() -> None:
    explained = explain_change({"<web>": WEB, "old": STORE}, {"<web>": NPS.read_scores([9, 9]), "new": STORE})

    assert str(explained) == "25.0: 36.7 within groups, -11.7 by their mix"
    assert ("&lt;web&gt;" in explained._repr_html_(), "<td>none" in explained._repr_html_().replace(" style", "<")) == (
        True,
        False,
    )
