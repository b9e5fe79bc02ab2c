"""A service desk: from the log of its tickets to its promises, its backlog, its queue and the life of one case."""
