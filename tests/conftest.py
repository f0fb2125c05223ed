"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A busy machine makes any one example slow, and many of them; how time grows is tested by `tests.timing`. The examples are the
# same in each run, so that a run says something of the change that it was made for; `--hypothesis-profile=others` draws others.
settings.register_profile("others", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("any machine", settings.get_profile("others"), derandomize=True)
settings.load_profile("any machine")
