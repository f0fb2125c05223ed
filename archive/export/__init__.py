"""Ways out of the archive, a file a format."""

from archive.export.csv import write_csv
from archive.export.jsonl import write_jsonl

__all__ = ["write_csv", "write_jsonl"]
