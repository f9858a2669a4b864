"""A file is replaced whole or not at all."""

import os
import stat
import sys
from pathlib import Path

import pytest

from chainrule.errors import DataError
from chainrule.storage import check_writable, refuse_to_replace, write_atomically

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"old")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_holds_all_of_the_content(tmp_path: Path) -> None:
    path = tmp_path / "new"
    write_atomically(path, b"x" * 100_000)
    assert path.read_bytes() == b"x" * 100_000
    assert names(tmp_path) == ["new"]


def test_an_old_file_is_replaced(old: Path) -> None:
    write_atomically(old, b"new")
    assert old.read_bytes() == b"new"
    assert names(old.parent) == [old.name]


STEPS = ["tempfile.mkstemp", "os.fdopen", "os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace"]


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(
    step: str, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(step, fail)
        with pytest.raises(DataError, match=r"cannot be written: No space left on device"):
            write_atomically(old, b"new")
    assert old.read_bytes() == b"old"
    assert names(old.parent) == [old.name]


@pytest.mark.parametrize("step", STEPS[1:])
def test_an_interruption_at_any_step_leaves_the_old_file_and_nothing_else(
    step: str, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_atomically(old, b"new")
    assert old.read_bytes() == b"old"
    assert names(old.parent) == [old.name]


def test_the_content_reaches_the_disk_before_it_takes_the_name(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        seen.append(old.read_bytes())
        sync(descriptor)

    monkeypatch.setattr("os.fsync", fsync)
    write_atomically(old, b"new")
    assert seen[0] == b"old"


@POSIX
def test_a_folder_that_cannot_be_synchronised_does_not_spoil_what_is_written(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr("os.fsync", fsync)
    write_atomically(old, b"new")
    assert old.read_bytes() == b"new"


@POSIX
def test_permissions_are_kept(old: Path) -> None:
    old.chmod(0o640)
    write_atomically(old, b"new")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


@POSIX
def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@POSIX
def test_a_link_goes_on_pointing_to_the_file_that_is_replaced(old: Path) -> None:
    link = old.parent / "latest"
    link.symlink_to(old.name)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


@POSIX
@pytest.mark.parametrize("use", [check_writable, lambda path: write_atomically(path, b"new")])
def test_no_file_takes_the_place_of_a_pipe_or_a_device(use: object, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert callable(use)
    with pytest.raises(DataError, match="is a device or a pipe"):
        use(pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@POSIX
@pytest.mark.parametrize("use", [check_writable, lambda path: write_atomically(path, b"new")])
def test_a_link_to_itself_is_refused(use: object, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    assert callable(use)
    with pytest.raises(DataError, match="cannot be written"):
        use(loop)


def test_a_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder; name a file in it"):
        check_writable(tmp_path)


def test_the_folder_of_a_new_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the folder .*gone does not exist"):
        check_writable(tmp_path / "gone" / "model")


@POSIX
def test_the_folder_that_a_link_points_into_must_exist(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(Path("gone", "model"))
    with pytest.raises(DataError, match=r"the folder .*gone does not exist"):
        check_writable(link)


def test_a_name_that_is_too_long_is_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be written"):
        check_writable(tmp_path / ("x" * 300))


def test_a_folder_that_takes_no_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("tempfile.mkstemp", refuse)
        with pytest.raises(DataError, match="cannot be written: Permission denied"):
            check_writable(tmp_path / "model")


def test_a_file_that_is_protected_is_refused(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(DataError, match="is protected"):
        check_writable(old)


def test_looking_whether_a_file_can_be_written_changes_nothing(old: Path) -> None:
    check_writable(old)
    check_writable(old.parent / "new")
    assert old.read_bytes() == b"old"
    assert names(old.parent) == [old.name]


def test_what_is_read_is_not_replaced_under_any_name(old: Path) -> None:
    link = old.parent / "link"
    link.hardlink_to(old)
    with pytest.raises(DataError, match="is what is read here"):
        refuse_to_replace(link, "nothing", str(old))
    refuse_to_replace(old.parent / "other", str(old), "digits")
