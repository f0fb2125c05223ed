"""Other tools behind the same request protocol as `morgue extract --requests`."""
