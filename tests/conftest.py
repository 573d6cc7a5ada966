"""Settings of all tests. `tests/support` lies on the path (pyproject.toml), so that tests can import `toy`,
`scenarios` and `drive`.
"""

from hypothesis import HealthCheck, Phase, settings

# The same examples every time: a failure in one place is a failure everywhere. The first example may have to
# compile.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# For the impatient, a failing example as it was found: pytest --hypothesis-profile=rough
settings.register_profile(
    "rough", settings.get_profile("steady"), phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
settings.load_profile("steady")
