import pytest

from chainrule.errors import SpecificationError
from chainrule.training import Adaptive, Constant, Cosine, InverseScaling, OneCycle, Schedule

schedules = pytest.mark.parametrize("schedule", [Constant(0.3), InverseScaling(0.3), Adaptive(0.3)])


@schedules
def test_every_step_of_an_epoch_has_the_rate_of_the_epoch(schedule: Schedule) -> None:
    assert [schedule.at(0.07, progress) for progress in (0, 0.5, 3.9)] == [0.07] * 3


def test_a_constant_rate_stays() -> None:
    assert Constant(0.3).after_epoch(0.3, 1000) == 0.3


def test_an_adaptive_rate_stays_while_the_loss_falls() -> None:
    assert Adaptive(0.3).after_epoch(0.06, 1000) == 0.06


def test_inverse_scaling_divides_the_first_rate_by_a_power_of_the_samples_seen() -> None:
    schedule = InverseScaling(0.3, power_t=0.25)
    assert schedule.after_epoch(123.0, 255) == 0.3 / 4
    assert schedule.after_epoch(0.01, 15) == 0.3 / 2


@pytest.mark.parametrize(
    "schedule", [Constant(0.3), InverseScaling(0.3), Cosine(0.3), OneCycle(0.3)]
)
def test_a_plateau_ends_training(schedule: Schedule) -> None:
    assert schedule.on_plateau(0.3) is None


def test_a_plateau_divides_an_adaptive_rate_by_five() -> None:
    assert Adaptive(0.3).on_plateau(0.3) == 0.3 / 5


@pytest.mark.parametrize(("rate", "goes_on"), [(1.0001e-6, True), (1e-6, False), (1e-7, False)])
def test_a_plateau_ends_training_once_an_adaptive_rate_is_a_millionth(
    rate: float, goes_on: bool
) -> None:
    assert (Adaptive(0.3).on_plateau(rate) is not None) == goes_on


@pytest.mark.parametrize("rate", [0.0, -0.1, float("nan")])
@pytest.mark.parametrize("kind", [Constant, InverseScaling, Adaptive, Cosine, OneCycle])
def test_a_rate_that_is_not_positive_is_refused(
    kind: type[Constant | InverseScaling | Adaptive | Cosine | OneCycle], rate: float
) -> None:
    with pytest.raises(SpecificationError, match="learning_rate_init must be greater than 0"):
        kind(rate)
