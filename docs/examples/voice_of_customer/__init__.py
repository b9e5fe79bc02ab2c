"""A year of feedback joined to purchases: from invitations to follow-ups, and a page with what came of it."""
