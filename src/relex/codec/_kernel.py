"""The stored forms of the values that stand below the codec and cannot register themselves."""

from __future__ import annotations
