"""Hypothesis strategies for every public value."""
