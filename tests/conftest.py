"""Settings that all tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["databases"]

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_itemcollected(item: pytest.Item) -> None:
    """What shares an expensive fixture runs in one worker: the whole year of the example is read once."""
    if "examples" in item.path.parts or "data" in item.path.parts:
        item.add_marker(pytest.mark.xdist_group(item.path.stem))
