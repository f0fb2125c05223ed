"""Serve the newspaper in a process of its own: `python -m crawler.demo --port 0` prints its address and goes on until killed."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import datetime

from crawler.demo.server import SLOW_SECONDS, serve, utc_now


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m crawler.demo", description="Serve the demo newspaper on loopback.")
    parser.add_argument("--port", type=int, default=0, help="port; 0 takes a free one")
    parser.add_argument("--now", type=datetime.fromisoformat, help="serve as if it were this time, with a zone")
    parser.add_argument("--slow", type=float, default=SLOW_SECONDS, help="seconds that the slow page waits")
    options = parser.parse_args()
    clock = (lambda: options.now) if options.now else utc_now
    try:
        with serve(clock=clock, port=options.port, slow_seconds=options.slow) as server:
            sys.stdout.write(f"{server.base_url}\n")
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        return
    except (OSError, OverflowError) as error:
        parser.exit(1, f"Cannot serve on port {options.port}: {error}. --port 0 takes a free one.\n")


if __name__ == "__main__":
    main()
