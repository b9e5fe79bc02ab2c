"""Statuses: what follows from their kind."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.service import Status


class TestStatus:
    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (Status("closed", "closed"), ("closed", True)),
            (Status("archive", "closed", reopens=False), ("closed", False)),
            (Status("spam", "closed", ends="rejected"), ("rejected", False)),
            (Status("duplicate", "closed", ends="merged"), ("merged", False)),
            (Status("open", "open"), (None, None)),
            (Status("resolved", "resolved"), (None, None)),
        ],
        ids=lambda value: value.id if isinstance(value, Status) else "",
    )
    def test_how_it_ends_and_whether_it_reopens(self, status: Status, expected: tuple[Any, Any]) -> None:
        assert (status.ends, status.reopens) == expected

    def test_it_is_shown_by_its_name(self) -> None:
        assert [str(Status("vendor", "waiting", waiting_for="vendor", name="At the vendor"))] == ["At the vendor"]
        assert str(Status("open", "open")) == "open"

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"id": ""}, "Status.id"),
            ({"kind": "done"}, "Status.kind"),
            ({"waiting_for": ""}, "Status.waiting_for"),
            ({"fresh": 1}, "Status.fresh"),
            ({"ends": "lost"}, "Status.ends"),
            ({"reopens": "yes"}, "Status.reopens"),
            ({"requires": "comment"}, "Status.requires"),
            ({"requires": ["comment"]}, "Status.requires"),
            ({"name": ""}, "Status.name"),
        ],
    )
    def test_a_wrong_type_is_refused(self, fields: dict[str, Any], path: str) -> None:
        known: dict[str, Any] = {"id": "open", "kind": "open"}

        with pytest.raises(InvalidValue, match=path):
            Status(**(known | fields))
