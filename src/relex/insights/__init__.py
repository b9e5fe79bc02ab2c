"""What a record says about worth, habit and the next step: purchase history, RFM, deciles, taste, segments, 360."""

from relex.insights._basis import Basis
from relex.insights._history import PurchaseHistory
from relex.insights._periods import CustomerHistory, Ignored, PurchasePeriod, Tally
from relex.insights._reduction import purchase_history

__all__ = ["Basis", "CustomerHistory", "Ignored", "PurchaseHistory", "PurchasePeriod", "Tally", "purchase_history"]
