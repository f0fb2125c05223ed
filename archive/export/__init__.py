"""Ways out of the archive, a file a format; `FORMATS` names them, and `write` writes any of them.

Writers take articles as `Archive.articles` streams them, what to write to, and the archive, and return how many they wrote.
"""

from archive.export.csv import write_csv
from archive.export.formats import FORMATS, TEI_FOLDER, Format, Target, write
from archive.export.jsonl import write_jsonl

__all__ = ["FORMATS", "TEI_FOLDER", "Format", "Target", "write", "write_csv", "write_jsonl"]
