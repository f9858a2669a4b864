"""The progress of training, in a terminal and elsewhere."""

import contextlib
import io

import numpy as np
import pytest

from chainrule.cli.progress import ProgressLine
from chainrule.network import Architecture
from chainrule.parameters import initial_parameters
from chainrule.training import EpochRecord, Progress

PARAMS = initial_parameters(Architecture.of([1, 1], output="identity"), np.random.RandomState(0))


class Screen(io.StringIO):
    """Standard error that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, n_epochs: int, scores: list[float | None]) -> str:
    with contextlib.redirect_stderr(stream), ProgressLine(n_epochs, "accuracy") as line:
        for epoch, score in enumerate(scores, start=1):
            assert not line.on_step_end(1, 2)
            record = EpochRecord(epoch, 1 / epoch, 0.1, 0.0, score, None)
            assert not line.on_epoch_end(Progress(record, n_epochs, PARAMS, None))
    return stream.getvalue()


def test_elsewhere_every_tenth_epoch_is_a_plain_line() -> None:
    lines = told(io.StringIO(), 25, [i / 100 for i in range(25)]).splitlines()
    assert lines == [
        "epoch 1/25  loss 1.0000  validation accuracy 0.0000 (best 0.0000)",
        "epoch 11/25  loss 0.0909  validation accuracy 0.1000 (best 0.1000)",
        "epoch 21/25  loss 0.0476  validation accuracy 0.2000 (best 0.2000)",
    ]


def test_the_best_score_is_remembered() -> None:
    text = told(io.StringIO(), 11, [0.5, 0.9, *[0.1] * 9])
    assert "validation accuracy 0.1000 (best 0.9000)" in text


def test_without_a_score_the_loss_is_told() -> None:
    assert told(io.StringIO(), 1, [None]) == "epoch 1/1  loss 1.0000\n"


def test_a_terminal_gets_a_live_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    text = told(Screen(), 3, [0.5, 0.75, 0.7])
    assert "\x1b[2K" in text
    assert "loss 0.3333  validation accuracy 0.7000 (best 0.7500)" in text
    assert text.count("\n") == 1
