"""One algebra of questions about facts: written once, judged on one object, explained, compiled, stored as data."""

from relex.rules._children import AllChildren, AnyChild, CountOf, OfChildren, SumOf
from relex.rules._compile import Predicate, compile_rule
from relex.rules._contradiction import contradiction
from relex.rules._describe import describe
from relex.rules._facts import AsOf, Constant, Fact, Facts, Kind, TypedValue, read
from relex.rules._index import RuleSet, compile_rules
from relex.rules._judge import evaluate
from relex.rules._leaves import (
    Between,
    Compare,
    Contains,
    EqualsIgnoringCase,
    IsIn,
    IsMissing,
    Leaf,
    StartsWith,
)
from relex.rules._nodes import FALSE, TRUE, AllOf, AnyOf, AtLeast, Not, Rule
from relex.rules._notation import (
    Children,
    Count,
    Sum,
    Term,
    all_lines,
    any_line,
    children,
    count_lines,
    field,
    sum_lines,
)
from relex.rules._requirements import Requirement, Unmet, check
from relex.rules._schema import FactSchema
from relex.rules._times import Beyond, Within
from relex.rules._verdicts import Verdict

__all__ = [
    "FALSE",
    "TRUE",
    "AllChildren",
    "AllOf",
    "AnyChild",
    "AnyOf",
    "AsOf",
    "AtLeast",
    "Between",
    "Beyond",
    "Children",
    "Compare",
    "Constant",
    "Contains",
    "Count",
    "CountOf",
    "EqualsIgnoringCase",
    "Fact",
    "FactSchema",
    "Facts",
    "IsIn",
    "IsMissing",
    "Kind",
    "Leaf",
    "Not",
    "OfChildren",
    "Predicate",
    "Requirement",
    "Rule",
    "RuleSet",
    "StartsWith",
    "Sum",
    "SumOf",
    "Term",
    "TypedValue",
    "Unmet",
    "Verdict",
    "Within",
    "all_lines",
    "any_line",
    "check",
    "children",
    "compile_rule",
    "compile_rules",
    "contradiction",
    "count_lines",
    "describe",
    "evaluate",
    "field",
    "read",
    "sum_lines",
]
