"""The example store in a JSON file, held to the whole kit; and what it keeps when something breaks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))

from json_store import JsonStore

from relex.testing import StoreContract


class TestJsonStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> JsonStore:
        return JsonStore(tmp_path)
