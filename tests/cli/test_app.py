"""The shell as a whole: help, usage, exit status, output that nobody takes."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from shell_runs import finish, run_shell, start_shell

from chainrule import __version__

COMMANDS = ("train", "predict", "evaluate", "check")
OPTIONS = {
    "train": "--target --task --hidden --activation --solver --learning-rate --momentum "
    "--batch-size --l2 --epochs --patience --test-size --validation-size --image-size --seed "
    "--out --json",
    "predict": "--out --proba",
    "evaluate": "--target --json",
    "check": "--hidden --output --loss --no-bias --l2 --samples --seed --json",
}


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_lists_the_commands(arguments: list[str]) -> None:
    ran = run_shell(*arguments)
    assert ran.status == 0
    assert all(command in ran.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_lists_its_options_in_80_columns(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = run_shell(command, "--help")
    assert ran.status == 0
    assert all(option in ran.out for option in OPTIONS[command].split())
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_version_is_told() -> None:
    assert run_shell("--version").out == f"chainrule {__version__}\n"


def test_the_package_runs_as_a_module() -> None:
    ran = finish(start_shell("--version"))
    module = subprocess.run(
        [sys.executable, "-m", "chainrule", "--version"], capture_output=True, text=True, check=True
    )
    assert module.stdout == ran.out == f"chainrule {__version__}\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("trian digits", "no such command 'trian'. Did you mean 'train'?"),
        ("--foo", "no such option: --foo"),
        ("train", "missing argument 'DATA'"),
        ("train digits more", "got unexpected extra argument(s) (more)"),
        ("train digits --target", "option '--target' requires an argument"),
        ("train digits --epoch 3", "no such option: --epoch (Possible options: --epochs)"),
        ("train digits --epochs 0", "invalid value for '--epochs': 0 is not from 1 to 1000000000"),
        ("train digits --epochs x", "invalid value for '--epochs': 'x' is not a whole number"),
        ("train digits --hidden 0", "invalid value for '--hidden': 0 is not from 1 to 1000000"),
        ("train digits --hidden 9999999", "'--hidden': 9999999 is not from 1 to 1000000"),
        ("train digits --hidden 1,,2", "invalid value for '--hidden': '' is not a whole number"),
        ("train digits --l2 -1", "'--l2': -1 is not a finite number of at least 0"),
        ("train digits --l2 inf", "'--l2': inf is not a finite number of at least 0"),
        ("train digits --learning-rate nan", "nan is not a finite number above 0"),
        ("train digits --learning-rate 0", "0 is not a finite number above 0"),
        ("train digits --momentum 2", "'--momentum': 2 is not a number from 0 to 1"),
        ("train digits --batch-size 0", "'--batch-size': 0 is not from 1 to"),
        ("train digits --patience 0", "'--patience': 0 is not from 1 to"),
        ("train digits --seed -1", "'--seed': -1 is not from 0 to 4294967295"),
        ("train digits --seed 4294967296", "4294967296 is not from 0 to 4294967295"),
        ("train digits --test-size 0", "'--test-size': 0 is not a number between 0 and 1"),
        ("train digits --validation-size 1", "1 is not a number between 0 and 1"),
        ("train digits --activation rellu", "no 'rellu' (did you mean 'relu'?); choose from"),
        ("train digits --solver lbfgs", "there is no 'lbfgs'; choose from adam, sgd"),
        ("train digits --task guess", "choose from classification, regression"),
        ("check x", "'x' is not a whole number"),
        ("check 5 4 --samples 0", "'--samples': 0 is not from 1 to"),
    ],
)
def test_bad_usage_is_told_in_one_sentence(
    line: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run_shell(*line.split())
    assert sentence in ran.error
    assert ran.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_is_told() -> None:
    ran = run_shell("check", 1_000_000, 1_000_000, 1_000_000)
    assert ran.error.startswith("there is not enough memory for this")


@pytest.mark.parametrize(
    ("raised", "status", "sentence"),
    [
        (KeyboardInterrupt(), 130, "interrupted before the work was done"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "the output cannot be used: No sp"),
        (PermissionError(13, "Permission denied", "a.csv"), 2, "a.csv cannot be used: Permission"),
    ],
)
def test_what_stops_the_work_is_told_in_one_sentence(
    raised: BaseException, status: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: object) -> int:
        raise raised

    monkeypatch.setattr("chainrule.cli.app.check", stop)
    ran = run_shell("check", 3, 2)
    assert ran.status == status
    assert ran.err.startswith(f"Error: {sentence}")
    assert ran.err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX pipes")
def test_a_reader_that_leaves_early_is_no_error(models: Path) -> None:
    process = start_shell("predict", models / "answer.safetensors", models / "trees.csv")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    ran = finish(process)
    assert (ran.status, ran.err) == (0, "")


def test_characters_that_the_output_lacks_are_escaped() -> None:
    program = "from chainrule.cli import main; main(['check', '3', '2'])"
    command = [sys.executable, "-X", "utf8=0", "-c", program]
    ran = subprocess.run(
        command, capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii"} | _path()
    )
    assert b"\\u2202E" in ran.stdout


def _path() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(sys.path)}
