"""How the documentation is built: `make docs`, with every warning an error."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.ext.napoleon import GoogleDocstring

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

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
if tags.has("sources"):  # type: ignore[name-defined]  # noqa: F821 - Sphinx gives it; pages of source take most of the time
    extensions.append("sphinx.ext.viewcode")
exclude_patterns = ["examples/**"]
default_role = "code"
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "inherited-members": "object"}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = False  # attrs has no source text of its defaults
napoleon_google_docstring = False  # `_parsed` below does it
napoleon_numpy_docstring = False
napoleon_attr_annotations = True
napoleon_use_ivar = True
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
_ROOTS = ("attrs", "attr", "collections", "datetime", "decimal", "enum", "fractions", "types", "typing", "dateutil")
_ELSEWHERE = frozenset(
    [
        "Any",
        "Callable",
        "ClassVar",
        "Collection",
        "Final",
        "Fraction",
        "Decimal",
        "Generator",
        "Generic",
        "Hashable",
        "Iterable",
        "Iterator",
        "Literal",
        "Mapping",
        "NamedTuple",
        "Never",
        "NoReturn",
        "Protocol",
        "Self",
        "Sequence",
        "Set",
        "Sized",
        "TypeAlias",
        "TypeVar",
        "Union",
        "date",
        "datetime",
        "time",
        "timedelta",
        "tzinfo",
    ]
)


def setup(app: Sphinx) -> None:
    """Sphinx calls this."""
    app.connect("autodoc-process-docstring", _parsed)
    app.connect("missing-reference", _resolved)
    app.connect("autodoc-process-signature", _shown)
    app.connect("autodoc-skip-member", _skipped)
    app.connect("doctree-read", _renamed)


def _parsed(app: Sphinx, what: Any, name: str, member: Any, options: Any, lines: list[str]) -> None:
    """Describe a property like a method: napoleon alone would take what stands before its first colon for a type."""
    kind = "method" if what == "property" else what
    lines[:] = GoogleDocstring(list(lines), app.config, app, kind, name, member, options).lines()


def _shown(
    app: Sphinx, what: str, name: str, member: Any, options: Any, signature: str | None, answer: str | None
) -> Any:
    """Show a default that attrs makes anew for each value as dots."""
    return (signature and signature.replace("= NOTHING", "= ..."), answer)


def _skipped(app: Sphinx, what: str, name: str, member: object, skip: bool, options: object) -> bool | None:
    """Leave out what comes from Python or from another context, and fields of named tuples (the class has them)."""
    home = getattr(member, "__module__", None) or getattr(getattr(member, "__objclass__", None), "__module__", "relex")
    alias = (getattr(member, "__doc__", None) or "").startswith("Alias for field number")
    context = app.env.docname.replace("reference/", "relex.")
    elsewhere = what == "module" and str(home).startswith("relex.") and not f"{home}.".startswith(f"{context}.")
    return True if alias or elsewhere or not str(home).startswith("relex") else None


def _renamed(app: Sphinx, doctree: nodes.document) -> None:
    """Head the attributes of a class with their name, and not with Sphinx's."""
    for label in doctree.findall(nodes.field_name):
        if label.astext() == "Variables":
            label.children = [nodes.Text("Attributes")]


def _resolved(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element) -> Element | None:
    """A link to the one public object of that name, plain text for names from elsewhere; None makes the warning."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    short = target.rsplit(".", 1)[-1]
    python = env.domains.python_domain
    kinds = {"class", "exception", "function", "type"}
    public = [name for name, found in python.objects.items() if name.endswith(f".{short}") and found.objtype in kinds]
    if public:
        return python.resolve_xref(env, node["refdoc"], app.builder, "obj", min(public, key=len), node, content)
    if short in _ELSEWHERE or target.split(".", 1)[0] in _ROOTS or len(short) == 1 or _is_private(short):
        return content
    return None


def _is_private(short: str) -> bool:
    """Whether it is an alias or a class that a module of relex has and does not export."""
    return any(hasattr(module, short) for name, module in sys.modules.items() if name.startswith("relex."))
