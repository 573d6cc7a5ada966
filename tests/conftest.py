"""Settings of all tests. `tests/support` lies on the path (pyproject.toml), so that tests can import `toy`,
`scenarios` and `drive`.
"""

import pytest
from golden import PATH, Golden
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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write golden hashes anew (tests/golden) where they differ",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Processes that write the file at the same time would lose each other's hashes.
    if config.getoption("--update-golden") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--update-golden: must run in one process, without -n")


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares hashes with those of tests/golden, or renews them: `golden.check(name, found)`."""
    return Golden(PATH, request.config.getoption("--update-golden"))
