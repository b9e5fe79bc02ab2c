"""Adapters of the ports to real databases; each is an extra that the user names."""
