"""What is measured of memory."""

import sys

import numpy as np
import pytest

from memory import free_bytes, watched

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")


def test_an_array_that_is_held_for_a_while_is_seen() -> None:
    with watched() as peak:
        held = np.ones(2**23)
        del held
    assert peak.resident is not None
    assert 0.9 * 2**26 < peak.resident < 2**27  # the system counts in batches


def test_some_memory_is_free() -> None:
    assert (free_bytes() or 0) > 0
