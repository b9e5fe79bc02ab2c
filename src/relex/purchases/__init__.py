"""Sales and what comes back of them: products, purchases with lines, returns, claims."""

from __future__ import annotations

from relex.purchases._claims import Claim, Ownership, Retraction, live_claims, owners
from relex.purchases._discount import Discount
from relex.purchases._entries import once
from relex.purchases._line import Line
from relex.purchases._parts import Charge, Payment
from relex.purchases._product import Product
from relex.purchases._purchase import LineAmounts, Purchase
from relex.purchases._returns import Return
from relex.purchases._settling import Settled, settle
from relex.purchases._spend import CurrencySpend, Spend, spend

__all__ = [
    "Charge",
    "Claim",
    "CurrencySpend",
    "Discount",
    "Line",
    "LineAmounts",
    "Ownership",
    "Payment",
    "Product",
    "Purchase",
    "Retraction",
    "Return",
    "Settled",
    "Spend",
    "live_claims",
    "once",
    "owners",
    "settle",
    "spend",
]
