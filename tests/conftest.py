"""What holds for all tests."""

from hypothesis import settings

# A busy machine makes any one example slow; how time grows is tested by `tests.timing`.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
