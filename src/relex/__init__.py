"""Customer relationships and customer experience as a pure Python library."""
