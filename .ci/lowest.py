"""Print the lowest version that pyproject.toml allows of each dependency that relex imports, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[\w+\])?\s*>=\s*(?P<version>[0-9.]+)")


def lowest(requirement: str) -> str:
    """`attrs>=24.1` becomes `attrs==24.1`; a constraint names no extras."""
    found = _BOUND.match(requirement)
    if found is None:
        raise SystemExit(f"{requirement} has no lower bound")
    return f"{found['name']}=={found['version']}"


if __name__ == "__main__":
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    print("\n".join(map(lowest, [*project["dependencies"], *project["optional-dependencies"]["sqlalchemy"]])))
