"""Full-text search: what a person types, and the articles it finds."""

from archive.search.expression import Match, read_match, read_query
from archive.search.ranking import find

__all__ = ["Match", "find", "read_match", "read_query"]
