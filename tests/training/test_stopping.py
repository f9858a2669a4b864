import math

import numpy as np
import pytest

from chainrule.errors import SpecificationError, UnknownNameError
from chainrule.training import EpochRecord, Monitor, Stopping, StoppingState


def watch(stopping: Stopping, values: list[float]) -> tuple[list[bool], StoppingState]:
    """Show a criterion a series of values; the parameters of epoch i are all i."""
    state, met = stopping.start(), []
    for epoch, value in enumerate(values, start=1):
        seen = {"loss": 9.0, stopping.monitor: value}
        record = EpochRecord(epoch=epoch, learning_rate=0.1, seconds=0.0, **seen)
        met.append(stopping.update(state, record, np.full(2, float(epoch))))
    return met, state


def test_the_count_has_to_exceed_the_number_of_epochs() -> None:
    met, _ = watch(Stopping(n_iter_no_change=2), [1.0, 1.0, 1.0, 1.0])
    assert met == [False, False, False, True]


def test_an_improvement_begins_the_count_anew() -> None:
    met, state = watch(Stopping(n_iter_no_change=1), [1.0, 1.0, 0.5, 0.5])
    assert not any(met)
    assert state.count == 1


@pytest.mark.parametrize(("second", "count"), [(0.75, 0), (math.nextafter(0.75, 1), 1)])
def test_a_loss_improves_by_no_less_than_the_tolerance(second: float, count: int) -> None:
    _, state = watch(Stopping(tol=0.25), [1.0, second])
    assert state.count == count


@pytest.mark.parametrize(("second", "count"), [(0.75, 0), (math.nextafter(0.75, 0), 1)])
def test_a_score_improves_by_no_less_than_the_tolerance(second: float, count: int) -> None:
    _, state = watch(Stopping("validation_score", tol=0.25), [0.5, second])
    assert state.count == count


def test_improvements_below_the_tolerance_still_move_the_best() -> None:
    met, state = watch(Stopping(tol=0.1, n_iter_no_change=2), [1.0, 0.95, 0.9, 0.85])
    assert met == [False, False, False, True]
    assert state.best == 0.85


def test_an_infinite_patience_never_ends() -> None:
    met, _ = watch(Stopping(n_iter_no_change=math.inf), [1.0] * 50)
    assert not any(met)


@pytest.mark.parametrize(
    ("monitor", "best", "epoch"),
    [("loss", 0.2, 2), ("validation_loss", 0.2, 2), ("validation_score", 0.9, 3)],
)
def test_the_best_is_the_lowest_loss_or_the_highest_score(
    monitor: Monitor, best: float, epoch: int
) -> None:
    stopping = Stopping(monitor, keep_best=True)
    _, state = watch(stopping, [0.5, 0.2, 0.9])
    assert stopping.best_value(state) == best
    assert state.best_epoch == epoch
    assert state.best_vector is not None
    assert state.best_vector.tolist() == [epoch, epoch]


def test_of_equal_values_the_first_is_the_best() -> None:
    _, state = watch(Stopping("validation_score"), [0.5, 0.5])
    assert state.best_epoch == 1


def test_the_best_parameters_are_not_kept_unless_asked() -> None:
    _, state = watch(Stopping(), [0.5, 0.2])
    assert state.best_vector is None


def test_a_nan_begins_the_count_anew_and_is_never_the_best() -> None:
    met, state = watch(Stopping(n_iter_no_change=1), [1.0, 1.0, math.nan, 1.0])
    assert not any(met)
    assert (state.best, state.count) == (1.0, 1)


def test_parameters_that_are_not_finite_are_never_kept() -> None:
    stopping = Stopping("validation_score", keep_best=True)
    state = stopping.start()
    record = EpochRecord(1, 1.0, 0.1, 0.0, validation_score=0.5)
    stopping.update(state, record, np.array([1.0, math.inf]))
    assert (state.best_epoch, state.best_vector) == (1, None)


def test_before_the_first_epoch_everything_would_be_better() -> None:
    assert Stopping().best_value(StoppingState()) == math.inf
    assert Stopping("validation_score").best_value(StoppingState()) == -math.inf


def test_a_monitor_without_validation_is_an_error() -> None:
    with pytest.raises(SpecificationError, match="'validation_score' needs held-out data"):
        Stopping("validation_score").update(StoppingState(), EpochRecord(1, 1, 1, 1), np.zeros(1))


def test_an_unknown_monitor_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'validation_loss'"):
        Stopping("validation_los")  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"tol": -1.0}, {"n_iter_no_change": 0}])
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SpecificationError, match="must be at least"):
        Stopping(**wrong)  # type: ignore[arg-type]
