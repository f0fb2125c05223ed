"""Reading kept captures again: which are to be read, what they were found to be, and bringing the archive up to that."""

from archive.rereading.decision import Decision
from archive.rereading.rereading import COVERED, Rereading
from archive.rereading.staged import CapturedPage, Job, Staged, Unit, pack, pack_rights, unpack, unpack_rights
from archive.rereading.writing import changed_fields

__all__ = [
    "COVERED", "CapturedPage", "Decision", "Job", "Rereading", "Staged", "Unit", "changed_fields", "pack", "pack_rights",
    "unpack", "unpack_rights",
]  # fmt: skip
