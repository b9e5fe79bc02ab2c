"""How the documentation is built: `make docs`, with every warning an error."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "relex"
author = "The relex authors"
copyright = "2026, The relex authors"  # noqa: A001 - Sphinx's name for it
release = version = _PROJECT["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["examples/**"]
default_role = "code"
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "show-inheritance": False}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_attr_annotations = True
napoleon_custom_sections = [("Source", "notes_style"), ("Laws", "notes_style")]
python_use_unqualified_type_names = True
python_display_short_literal_types = True

html_theme = "furo"
html_title = f"relex {release}"
html_static_path = ["_static"]
html_css_files = ["relex.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}

# Names that signatures use and that other projects document; they are shown without a link.
_ELSEWHERE = frozenset(
    """
    Any Callable ClassVar Collection Final Fraction Decimal Generator Generic Hashable Iterable Iterator Literal Mapping
    NamedTuple Never NoReturn Protocol Self Sequence Set Sized TypeAlias TypeVar Union
    attrs.Attribute date datetime time timedelta tzinfo object
    """.split()
)
_ROOTS = ("attrs", "attr", "collections", "datetime", "decimal", "enum", "fractions", "types", "typing", "dateutil")


def setup(app: Sphinx) -> None:
    """Resolve what signatures say in short; Sphinx calls this."""
    app.connect("missing-reference", _resolved)


def _resolved(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element) -> Element | None:
    """A link to the one public object of that name, plain text for names from elsewhere; None makes the warning."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    short = target.rsplit(".", 1)[-1]
    objects = env.domains.python_domain.objects
    found = [name for name in objects if name == short or name.endswith(f".{short}")]
    classes = [name for name in found if objects[name].objtype in {"class", "exception", "function", "type"}]
    if classes:
        assert app.builder is not None
        return env.domains.python_domain.resolve_xref(
            env, node["refdoc"], app.builder, "obj", min(classes, key=len), node, content
        )
    if short in _ELSEWHERE or target.split(".", 1)[0] in _ROOTS or len(short) == 1:
        return content
    return None
