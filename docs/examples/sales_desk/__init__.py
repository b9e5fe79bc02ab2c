"""A sales desk: from the export of a pipeline to its forecast, its movements, its commissions and its board."""
