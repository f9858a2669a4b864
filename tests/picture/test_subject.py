"""What can be drawn, and what is said of the rest."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sklearn.neural_network as theirs
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from trained_models import a_number

import chainrule
from chainrule.errors import ShapeError, SpecificationError
from chainrule.picture.subject import subject_of

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X = np.random.default_rng(0).standard_normal((20, 3))
LABELS = np.arange(20) % 4
SMALL: dict[str, Any] = {"hidden_layer_sizes": (6, 5), "max_iter": 2, "random_state": 0}


def test_a_network_has_no_weights_unless_they_are_given() -> None:
    net = chainrule.Network([3, 5, 4], "tanh", loss="squared_error", bias=False)
    subject = subject_of(net)
    assert subject.layer_sizes == (3, 5, 4)
    assert (subject.hidden, subject.output, subject.loss) == (("tanh",), "softmax", "squared_error")
    assert (subject.bias, subject.weights) == (False, None)
    params = net.init(seed=0)
    weights = subject_of(net, params).weights
    assert weights is not None
    assert all(np.array_equal(W, V) for W, V in zip(weights, params.weights, strict=True))


def test_an_architecture_is_drawn_like_its_network() -> None:
    net = chainrule.Network([3, 5, 4])
    assert vars(subject_of(net.architecture)) == vars(subject_of(net))


def test_a_trained_model_is_drawn_with_its_weights() -> None:
    model = a_number().model
    subject = subject_of(model)
    assert subject.layer_sizes == model.architecture.layer_sizes
    assert subject.weights is not None
    assert np.array_equal(subject.weights[1], model.params.weights[1])


@pytest.mark.parametrize("room", [chainrule, theirs])
def test_a_fitted_classifier_is_drawn_whoever_made_it(room: Any) -> None:
    estimator = room.MLPClassifier(activation="tanh", **SMALL).fit(X, LABELS)
    subject = subject_of(estimator)
    assert subject.layer_sizes == (3, 6, 5, 4)
    assert subject.hidden == ("tanh", "tanh")
    assert (subject.output, subject.loss, subject.bias) == ("softmax", "cross_entropy", True)
    assert subject.weights is not None
    assert np.array_equal(subject.weights[0], estimator.coefs_[0].T)


@pytest.mark.parametrize("room", [chainrule, theirs])
@pytest.mark.parametrize(
    ("loss", "output"), [("squared_error", "identity"), ("poisson", "exponential")]
)
def test_a_fitted_regressor_is_drawn_whoever_made_it(room: Any, loss: str, output: str) -> None:
    estimator = room.MLPRegressor(loss=loss, **SMALL).fit(X, np.abs(X[:, 0]))
    subject = subject_of(estimator)
    assert (subject.layer_sizes, subject.output, subject.loss) == ((3, 6, 5, 1), output, loss)


def test_anything_with_the_two_attributes_will_do_and_what_it_does_not_say_stays_blank() -> None:
    bare = SimpleNamespace(coefs_=[np.ones((3, 2))], intercepts_=[np.zeros(2)])
    subject = subject_of(bare)
    assert (subject.layer_sizes, subject.hidden, subject.output, subject.loss) == (
        (3, 2),
        (),
        "",
        "",
    )
    foreign = SimpleNamespace(**vars(bare), activation="swish", out_activation_="sparsemax")
    subject = subject_of(foreign)
    assert (subject.output, subject.loss) == ("sparsemax", "")


@pytest.mark.parametrize("room", [chainrule, theirs])
def test_an_estimator_that_is_not_fitted_is_told_apart(room: Any) -> None:
    with pytest.raises(SpecificationError, match=r"MLPClassifier is not fitted.*call fit first"):
        subject_of(room.MLPClassifier())


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        (
            make_pipeline(LogisticRegression()),
            "a Pipeline is not a network itself; draw the fitted",
        ),
        (LogisticRegression().fit(X, LABELS), "a LogisticRegression cannot be drawn; give a"),
        ([256, 7, 10], "a list cannot be drawn; give a Network"),
        (None, "a NoneType cannot be drawn"),
        (
            SimpleNamespace(coefs_=[], intercepts_=[]),
            "coefs_ of this SimpleNamespace is not a list",
        ),
        (SimpleNamespace(coefs_=[np.ones(3)], intercepts_=[1]), "is not a list of matrices"),
        (
            SimpleNamespace(coefs_=[[[np.nan]]], intercepts_=[[0]]),
            r"W\(1\) has weights that are not",
        ),
        (SimpleNamespace(coefs_=[[["a"]]], intercepts_=[[0]]), r"W\(1\) has weights that are not"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_a_sentence(thing: Any, sentence: str) -> None:
    with pytest.raises(SpecificationError, match=sentence):
        subject_of(thing)


def test_weights_that_do_not_fit_one_another_are_told() -> None:
    wrong = SimpleNamespace(coefs_=[np.ones((3, 5)), np.ones((4, 2))], intercepts_=[0, 0])
    with pytest.raises(ShapeError, match=r"W\(2\), 2 × 4, does not fit 2 × 5"):
        subject_of(wrong)


def test_weights_of_another_network_are_told() -> None:
    net, other = chainrule.Network([3, 5, 4]), chainrule.Network([3, 6, 4])
    with pytest.raises(ShapeError, match=r"W\(1\), 6 × 3, does not fit 5 × 3"):
        subject_of(net, other.init())
    with pytest.raises(ShapeError, match="1 matrices does not fit 2 layers"):
        subject_of(net, chainrule.Network([3, 4]).init())


def test_parameters_beside_an_estimator_are_refused() -> None:
    estimator = chainrule.MLPClassifier(**SMALL).fit(X, LABELS)
    with pytest.raises(SpecificationError, match="parameters go with a network; MLPClassifier has"):
        subject_of(estimator, chainrule.Network([3, 4]).init())
