"""Importing this module makes a process ready to read. The server that reading processes are forked from imports it."""

from __future__ import annotations

import contextlib
import signal

from pipelines.stages.extract import warm_up

signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the crawler, which lets its readers finish
with contextlib.suppress(OSError):  # where the disk is full, the page that needs what cannot be unpacked will say so
    warm_up()
