"""Every test of the store runs on both databases."""

import pytest

from composer.store.store import SqlStore
from tests.unit.store.makers import Desk, open_desk


@pytest.fixture
def desk(store: SqlStore) -> Desk:
    return open_desk(store)
