"""From three dirty sources to one picture of each customer: import, assess, match, review, merge, and part again."""
