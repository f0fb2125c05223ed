"""`python -m crawler`: the same as the command `morgue`."""

import sys

from crawler.commands import main

if __name__ == "__main__":
    sys.exit(main())
