from pathlib import Path

import pytest

from demonstration.making import Places
from demonstration.speech import Speech
from tests.demonstration.short import SPEECH, project


@pytest.fixture
def speech() -> Speech:
    """Two turns, the first after one second."""
    return SPEECH


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A project of its own for each test."""
    return project(tmp_path)
