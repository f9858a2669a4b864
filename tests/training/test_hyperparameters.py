import math

import pytest

from chainrule.errors import SpecificationError
from chainrule.training.hyperparameters import (
    require_at_least,
    require_fraction,
    require_positive,
)


@pytest.mark.parametrize("value", [0.999, -math.inf, math.nan])
def test_what_is_below_the_least_value_or_no_number_is_refused(value: float) -> None:
    with pytest.raises(SpecificationError, match="size must be at least 1, got"):
        require_at_least("size", value, 1)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_what_is_not_positive_is_refused(value: float) -> None:
    with pytest.raises(SpecificationError, match="rate must be greater than 0, got"):
        require_positive("rate", value)


@pytest.mark.parametrize(("value", "closed"), [(1.0, False), (-0.1, True), (math.nan, True)])
def test_what_is_outside_the_interval_is_refused(value: float, closed: bool) -> None:
    with pytest.raises(SpecificationError, match=r"beta must be in \[0, 1"):
        require_fraction("beta", value, closed=closed)


def test_the_ends_of_the_intervals_are_allowed() -> None:
    require_at_least("size", 1, 1)
    require_at_least("patience", math.inf, 1)
    require_positive("rate", 5e-324)
    require_fraction("beta", 0.0, closed=False)
    require_fraction("momentum", 1.0, closed=True)
