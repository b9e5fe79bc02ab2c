"""At least one value of every class that has a stored form.

A room adds its values in a module `examples_<room>.py` beside this one, with a function `examples()` that lists them.
The tests of the stored forms find the module by its name, and tell which tag still has no example.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import relex

__all__ = ["examples", "load_all"]

EXTRAS = {"relex.adapters", "relex.charts", "relex.frames", "relex.lifetime", "relex.testing"}


def load_all() -> None:
    """Import every context below the extras, so that every tag is known."""
    for found in pkgutil.iter_modules(relex.__path__, "relex."):
        if found.name not in EXTRAS:
            importlib.import_module(found.name)


def examples() -> list[object]:
    """The values of all rooms."""
    rooms = sorted(path.stem for path in Path(__file__).parent.glob("examples_*.py"))
    return [value for room in rooms for value in importlib.import_module(room).examples()]
