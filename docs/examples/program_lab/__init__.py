"""A year of groceries under three program designs: what each costs, who wins, who loses, and why."""
