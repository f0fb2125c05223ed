"""`python -m bench NAME [options]`: run one measurement, or say which there are."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main() -> int:
    scripts = sorted(p.stem for p in Path(__file__).parent.glob("[!_]*.py"))
    if len(sys.argv) < 2 or sys.argv[1] not in scripts:
        print(f"usage: make bench ARGS='NAME [options]' with NAME one of: {', '.join(scripts)}", file=sys.stderr)
        return 2
    name = sys.argv.pop(1)
    return int(importlib.import_module(f"bench.{name}").main() or 0)


if __name__ == "__main__":
    sys.exit(main())
