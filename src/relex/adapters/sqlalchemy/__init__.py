"""The ports on a SQLAlchemy connection that the caller opened, owns and commits."""
