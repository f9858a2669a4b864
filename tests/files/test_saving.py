"""One name to save and one to load, whatever the kind; what is neither is told."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from saved_estimators import CASES
from sklearn import neural_network as theirs
from sklearn.compose import TransformedTargetRegressor
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from trained_models import two_classes

import chainrule
from chainrule.errors import ModelFileError
from chainrule.files import load_model
from chainrule.network import Architecture
from chainrule.parameters import initial_parameters
from chainrule.trained import TrainedModel
from chainrule.training import save_checkpoint


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A file of every kind."""
    paths = {kind: tmp_path / kind for kind in ("model", "estimator", "checkpoint")}
    chainrule.save(two_classes().model, paths["model"])
    chainrule.save(CASES["ints"]().estimator, paths["estimator"])
    architecture = Architecture.of([2, 3, 1], output="identity")
    params = initial_parameters(architecture, np.random.RandomState(0))
    save_checkpoint(paths["checkpoint"], architecture, params)
    return paths


def test_a_file_says_itself_what_kind_it_is(files: dict[str, Path]) -> None:
    assert isinstance(chainrule.load(files["model"]), TrainedModel)
    assert isinstance(chainrule.load(str(files["estimator"])), chainrule.MLPClassifier)


def test_a_checkpoint_is_no_saved_model_and_is_told_as_what_it_is(files: dict[str, Path]) -> None:
    with pytest.raises(ModelFileError, match="checkpoint is a checkpoint, from which a training"):
        chainrule.load(files["checkpoint"])


def test_the_shell_takes_models_only(files: dict[str, Path]) -> None:
    assert isinstance(load_model(files["model"]), TrainedModel)
    with pytest.raises(ModelFileError, match=r"estimator holds an estimator, which knows no colum"):
        load_model(files["estimator"])
    with pytest.raises(ModelFileError, match="is a checkpoint"):
        load_model(files["checkpoint"])


def test_one_kind_takes_the_place_of_another(files: dict[str, Path]) -> None:
    chainrule.save(CASES["bools"]().estimator, files["model"])
    assert chainrule.load(files["model"]).classes_.tolist() == [False, True]


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (
            make_pipeline(StandardScaler(), chainrule.MLPClassifier()),
            r"Pipeline; .* pipeline\[-1\]$",
        ),
        (
            theirs.MLPClassifier(),
            r"sklearn\.neural_network\._multilayer_perceptron\.MLPClassifier$",
        ),
        (chainrule.MLPClassifier, "the class MLPClassifier; make an instance of it$"),
        (chainrule.Network([2, 1], output="identity"), r"chainrule\.model\.Network$"),
        ({"a": 1}, "given dict$"),
        (None, "given NoneType$"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_anything_else_is_refused_and_told_what_can_be_saved(
    given: Any, hint: str, tmp_path: Path
) -> None:
    what = r"^chainrule\.save writes chainrule's MLPClassifier and MLPRegressor and the shell's Tr"
    with pytest.raises(ModelFileError, match=f"{what}.*{hint}"):
        chainrule.save(given, tmp_path / "never")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_of_a_search_and_a_wrapped_regressor_the_place_of_the_network_is_told(
    tmp_path: Path,
) -> None:
    X, y = np.arange(24.0).reshape(12, 2), np.arange(12) % 2
    network = chainrule.MLPClassifier(2, max_iter=1, random_state=0)
    search = GridSearchCV(network, {"alpha": [0.1]}, cv=2).fit(X, y)
    with pytest.raises(ModelFileError, match=r"save the network alone, .* best_estimator_$"):
        chainrule.save(search, tmp_path / "never")
    chainrule.save(search.best_estimator_, tmp_path / "best")
    assert chainrule.load(tmp_path / "best").alpha == 0.1
    wrapped = TransformedTargetRegressor(
        chainrule.MLPRegressor(hidden_layer_sizes=2, max_iter=1)
    ).fit(X, y)
    with pytest.raises(ModelFileError, match=r"save the network alone, .* regressor_$"):
        chainrule.save(wrapped, tmp_path / "never")


def test_a_subclass_is_refused_since_the_file_could_not_give_it_back(tmp_path: Path) -> None:
    class Own(chainrule.MLPClassifier):  # type: ignore[misc]
        pass

    with pytest.raises(ModelFileError, match=r"Own$"):
        chainrule.save(Own(), tmp_path / "never")


def test_saving_and_loading_a_model_of_the_shell_imports_no_scikit_learn(
    files: dict[str, Path],
) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[2]); import chainrule\n"
        "model = chainrule.load(sys.argv[1]); chainrule.save(model, sys.argv[1] + ' again')\n"
        "assert 'sklearn' not in sys.modules"
    )
    source = str(Path(chainrule.__file__).parents[1])
    command = [sys.executable, "-c", program, str(files["model"]), source]
    subprocess.run(command, check=True, env={**os.environ})
