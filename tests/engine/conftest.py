from collections.abc import Callable

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.engine import engine_info


@pytest.fixture
def stated_error_factor() -> Callable[[str, Array], Array]:
    """How many times the stated error baseline x86-64 may have, which lacks fused operations."""

    def factor(name: str, x: Array) -> Array:
        if engine_info()["isa"] != "baseline":
            return np.ones(len(x))
        return 2 + (x.astype(np.float64) ** 2 / 2 if name == "normal_cdf" else np.zeros(len(x)))

    return factor
