"""Releases: articles as a dataset with dictionary, coverage, account, checksums and citation; `morgue export dataset`.

`tables` says what there is, `writing` writes it, `papers` and `readme` write what goes with it, `making` does all in order.
"""

from archive.export.dataset.making import write_release, write_zip
from archive.export.dataset.release import LEFT_OUT, Made, Release

__all__ = ["LEFT_OUT", "Made", "Release", "write_release", "write_zip"]
