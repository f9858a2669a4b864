"""The estimators' names in the package, which does not import scikit-learn for them."""

import pytest

import chainrule
from chainrule.estimators import MLPClassifier, MLPRegressor


def test_the_names_are_those_of_the_room() -> None:
    assert chainrule.MLPClassifier is MLPClassifier
    assert chainrule.MLPRegressor is MLPRegressor


def test_the_names_are_listed_and_exported() -> None:
    for name in ("MLPClassifier", "MLPRegressor", "Network"):
        assert name in dir(chainrule)
        assert name in chainrule.__all__


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'chainrule' has no attribute 'MLPCompressor'"):
        chainrule.MLPCompressor  # noqa: B018
