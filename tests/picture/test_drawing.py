"""`chainrule.draw` and the picture that it gives."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import neural_network as theirs

import chainrule
from chainrule.errors import DataError, MissingLibraryError

NET = chainrule.Network([256, 7, 10], hidden="logistic", bias=False)
STARTS = {".svg": b"<svg", ".png": b"\x89PNG", ".pdf": b"%PDF", ".tex": b"% A network"}


def test_the_name_in_the_package_is_the_function_and_not_a_room() -> None:
    assert callable(chainrule.draw)
    assert {"draw", "Picture"} <= set(chainrule.__all__)


def test_a_picture_shows_itself_in_a_notebook() -> None:
    picture = chainrule.draw(NET)
    assert picture._repr_svg_() == picture.to_svg()
    assert repr(picture) == "Picture(A network of 256, 7 and 10 neurons)"


@pytest.mark.parametrize("suffix", STARTS)
def test_a_picture_is_saved_in_the_format_of_the_suffix(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"net{suffix.upper()}"
    chainrule.draw(NET).save(str(path))
    assert path.read_bytes().startswith(STARTS[suffix])


def test_what_is_saved_is_what_is_given() -> None:
    picture = chainrule.draw(NET)
    assert picture.to_png(96).startswith(STARTS[".png"])
    assert r"\begin{tikzpicture}" in picture.to_tikz()


def test_equal_weights_make_equal_pictures_whoever_learned_them() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((30, 4)), np.arange(30) % 3
    told: dict[str, Any] = {
        "hidden_layer_sizes": 5,
        "solver": "lbfgs",
        "max_iter": 200,
        "random_state": 0,
    }
    ours = chainrule.MLPClassifier(**told).fit(X, y)
    other = theirs.MLPClassifier(**told).fit(X, y)
    other.coefs_ = [coef.copy() for coef in ours.coefs_]
    assert chainrule.draw(ours).to_svg() == chainrule.draw(other).to_svg()
    net = chainrule.Network([4, 5, 3], "relu")
    params = net.parameters([(W.T, b) for W, b in zip(ours.coefs_, ours.intercepts_, strict=True)])
    assert chainrule.draw(net, params).to_svg() == chainrule.draw(ours).to_svg()


def test_fewer_neurons_are_drawn_on_request() -> None:
    assert chainrule.draw(NET, max_neurons=4).to_svg().count("<circle") == 3 * 2 + 3 * 3


@pytest.mark.parametrize(("name", "found"), [("net.gif", "the suffix .gif"), ("net", "no suffix")])
def test_a_format_that_is_not_written_is_told(name: str, found: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"has {found}; a picture is \.svg, \.png, \.pdf or \.tex"):
        chainrule.draw(NET).save(tmp_path / name)


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the folder .*nowhere does not exist"):
        chainrule.draw(NET).save(tmp_path / "nowhere" / "net.svg")


def test_a_file_that_cannot_be_drawn_anew_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net.png"
    path.write_bytes(b"dear old picture")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingLibraryError):
        chainrule.draw(NET).save(path)
    assert path.read_bytes() == b"dear old picture"
    assert list(tmp_path.iterdir()) == [path]
