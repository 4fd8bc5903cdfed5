"""The trained engine, loaded once."""

import pytest

from pipeline.paths import models_folder
from pipeline.restore import Engine, load_engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    return load_engine(models_folder())
