import pytest

from chainrule.errors import SpecificationError, UnknownNameError
from chainrule.training import Recipe


def test_a_limit_below_one_epoch_is_refused() -> None:
    with pytest.raises(SpecificationError, match="max_epochs must be at least 1, got 0"):
        Recipe(max_epochs=0)


def test_an_unknown_answer_to_divergence_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'raise'"):
        Recipe(on_divergence="raises")  # type: ignore[arg-type]
