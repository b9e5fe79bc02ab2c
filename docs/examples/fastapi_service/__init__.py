"""A small service on relex: customers, purchases, points and the view from all sides, over HTTP.

Read it from the inside out: `rules` (the program and the segments), `commands` (load, command, save, on any store),
`database` (one transaction for each unit of work, tried again when somebody was faster), `models` (what travels),
`dependencies`, `routes` and `problems` (the edge), `app` (all of it put together).
"""
