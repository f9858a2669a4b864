from dataclasses import dataclass, field

import numpy as np
import pytest

from chainrule.parameters import Parameters
from chainrule.training import EpochCallback, Problem, Progress, Recipe, ShuffledBatches, fit


@dataclass
class Diary:
    """Writes down everything that it is told."""

    steps: list[tuple[int, int]] = field(default_factory=list)
    epochs: list[Progress] = field(default_factory=list)

    def on_step_end(self, step: int, n_steps: int, /) -> bool:
        self.steps.append((step, n_steps))
        return False

    def on_epoch_end(self, progress: Progress, /) -> bool:
        self.epochs.append(progress)
        return False


def test_a_callback_is_told_the_number_of_every_step_in_its_epoch(
    blobs: Problem, params: Parameters
) -> None:
    diary, recipe = Diary(), Recipe(batches=ShuffledBatches(20), max_epochs=2)
    fit(blobs, params, recipe, random_state=np.random.RandomState(0), callbacks=[diary])
    assert diary.steps == [(1, 3), (2, 3), (3, 3)] * 2


def test_a_callback_is_told_what_an_epoch_came_to(blobs: Problem, params: Parameters) -> None:
    diary, recipe = Diary(), Recipe(max_epochs=2)
    random_state = np.random.RandomState(0)
    result = fit(blobs, params, recipe, random_state=random_state, callbacks=[diary])
    last = diary.epochs[-1]
    assert [told.record for told in diary.epochs] == result.history.records
    assert (last.record.learning_rate, last.max_epochs) == (0.001, 2)
    assert last.record.seconds > 0
    assert last.params.vector.tolist() == result.params.vector.tolist()


@pytest.mark.parametrize(("answer", "epochs"), [(None, 3), (False, 3), (True, 1), (np.True_, 1)])
def test_a_true_answer_ends_training(
    blobs: Problem, params: Parameters, answer: object, epochs: int
) -> None:
    callback, random_state = EpochCallback(lambda _: answer), np.random.RandomState(0)
    recipe = Recipe(max_epochs=3)
    result = fit(blobs, params, recipe, random_state=random_state, callbacks=[callback])
    assert result.n_iter == epochs
