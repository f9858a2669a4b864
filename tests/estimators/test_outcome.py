"""What is said of how a training ended."""

import pytest

from chainrule.errors import DivergenceError
from chainrule.estimators.outcome import diverged
from chainrule.training import Divergence


def test_the_error_names_step_epoch_last_loss_and_remedy() -> None:
    error = diverged(Divergence("loss", epoch=4, step=2, last_finite_loss=1e30), "less")
    assert isinstance(error, DivergenceError)
    assert str(error).endswith(
        "The loss was not finite at step 2 of epoch 4; the last finite loss was 1e+30. Try less."
    )


def test_the_error_says_where_no_loss_was_finite() -> None:
    error = diverged(Divergence("parameters", 1, 1, float("nan")), "less")
    assert "The parameters were not finite at step 1 of epoch 1; no loss was" in str(error)


@pytest.mark.parametrize("divergence", [None, Divergence("loss", 1, 1, 2.0)])
def test_the_error_begins_with_that_of_scikit_learn(divergence: Divergence | None) -> None:
    assert str(diverged(divergence, "less")).startswith(
        "Solver produced non-finite parameter weights. The input data may contain large values "
        "and need to be preprocessed."
    )
