"""What tests of the teaching page share."""

from collections.abc import Iterator

import pytest
from page import Served, serving


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """The page, with pictures of a hundred futures in the end."""
    with serving(futures=100) as page:
        yield page
