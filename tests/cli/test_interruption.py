"""Ctrl-C: the best model so far is kept, or, if pressed again, nothing is changed."""

import signal
import sys
import threading
from pathlib import Path

import pytest
from shell_runs import interrupt_after, run_shell, start_shell

import chainrule
from chainrule.cli.interruption import ignore_interrupts, stop_on_interrupt
from chainrule.cli.progress import ProgressLine

LONG = ("--epochs", 1_000_000, "--patience", 1_000_000)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


def press_ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def test_the_first_ctrl_c_sets_the_flag_and_the_second_ends() -> None:
    with stop_on_interrupt() as flag:
        press_ctrl_c()
        assert flag.is_set
        with pytest.raises(KeyboardInterrupt):
            press_ctrl_c()


def test_ctrl_c_means_afterwards_what_it_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stop_on_interrupt():
        press_ctrl_c()
    with ignore_interrupts():
        press_ctrl_c()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_program_that_was_told_to_ignore_ctrl_c_goes_on_doing_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stop_on_interrupt() as flag:
            press_ctrl_c()
        assert not flag.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_can_train_too() -> None:
    done: list[bool] = []

    def work() -> None:
        with stop_on_interrupt() as flag, ignore_interrupts():
            done.append(flag.is_set)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [False]


@POSIX
def test_ctrl_c_while_training_saves_the_best_model_and_says_where(tmp_path: Path) -> None:
    out = tmp_path / "digits.safetensors"
    ran = interrupt_after(start_shell("train", "digits", *LONG, "--out", out), "epoch 11/")
    assert ran.status == 130
    assert "Interrupted; keeping the best model so far." in ran.err
    assert "Training ended: interrupted after" in ran.err
    assert ran.out.splitlines()[-1] == f"Model saved to {out}"
    assert run_shell("evaluate", out, "digits", "--json").record["score"] > 0.5


@POSIX
def test_ctrl_c_with_json_still_ends_with_one_object(tmp_path: Path) -> None:
    out = tmp_path / "digits.safetensors"
    process = start_shell("train", "digits", *LONG, "--out", out, "--json")
    ran = interrupt_after(process, "epoch 1/")
    assert ran.status == 130
    assert ran.out.count("\n") == 1
    assert ran.record["interrupted"] is True
    assert ran.record["model"] == str(out)
    assert chainrule.load(out).about["epochs"] == ran.record["epochs"]


def press_at_the_first_epoch(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def on_epoch_end(*_: object) -> bool:
        for _time in range(times):
            press_ctrl_c()
        return False

    monkeypatch.setattr(ProgressLine, "on_epoch_end", on_epoch_end)


def test_ctrl_c_twice_gives_up_and_leaves_the_old_model(
    table: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "model.safetensors"
    out.write_bytes(model.read_bytes())
    press_at_the_first_epoch(2, monkeypatch)
    ran = run_shell("train", table, "--target", "price", "--out", out)
    assert (ran.status, ran.out) == (130, "")
    assert ran.err.splitlines()[-1] == "Error: interrupted; no model was saved"
    assert out.read_bytes() == model.read_bytes()


def test_ctrl_c_once_keeps_the_epochs_that_were_whole(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_at_the_first_epoch(1, monkeypatch)
    out = tmp_path / "model"
    ran = run_shell("train", table, "--target", "price", "--out", out, "--json")
    assert ran.status == 130
    assert (ran.record["epochs"], ran.record["best_epoch"]) == (1, 1)
    assert "interrupted after 1 whole epoch. The best epoch was 1." in ran.err


def test_ctrl_c_within_the_first_epoch_keeps_what_was_learned(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_step_end(*_: object) -> bool:
        if not pressed:
            pressed.append(True)
            press_ctrl_c()
        return False

    pressed: list[bool] = []
    monkeypatch.setattr(ProgressLine, "on_step_end", on_step_end)
    out = tmp_path / "model"
    ran = run_shell("train", table, "--target", "price", "--out", out, "--json")
    assert ran.status == 130
    assert (ran.record["epochs"], ran.record["interrupted"]) == (0, True)
    assert "Interrupted before the first epoch ended" in ran.err
    assert chainrule.load(out).task == "regression"


def test_ctrl_c_before_training_is_one_sentence(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chainrule.cli.train.read", lambda *_, **__: press_ctrl_c())
    ran = run_shell("train", table, "--target", "price", "--out", tmp_path / "model")
    assert (ran.status, ran.out) == (130, "")
    assert ran.err == "Error: interrupted; no model was saved\n"
    assert not (tmp_path / "model").exists()


def test_ctrl_c_while_the_model_is_written_waits_for_it(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: press_ctrl_c())
    out = tmp_path / "model"
    ran = run_shell("train", table, "--target", "price", "--epochs", 1, "--out", out)
    assert ran.status == 0
    assert chainrule.load(out).task == "regression"
