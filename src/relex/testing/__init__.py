"""The contract kit for adapters of the ports, and Hypothesis strategies for every public value."""
