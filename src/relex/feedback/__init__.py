"""Feedback: surveys, invitations, responses, and metrics with their denominators in the open."""

__all__: list[str] = []
