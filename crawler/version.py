"""The version of the installed distribution."""

from __future__ import annotations


def version() -> str:
    """Return it as `0.1.0`; `0` in a checkout that is not installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of("newsmorgue")
    except PackageNotFoundError:
        return "0"
