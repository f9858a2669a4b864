"""The picture in words."""

import numpy as np

from chainrule.picture.description import described, titled
from chainrule.picture.subject import Subject


def test_layers_that_are_alike_are_counted() -> None:
    subject = Subject((1, 5, 5, 3, 1), ("tanh", "tanh", "relu"), "identity", "", bias=True)
    assert described(subject) == (
        "1 input, then 2 hidden layers of 5 (tanh), then a hidden layer of 3 (relu), then "
        "1 output (identity), fully connected, with biases."
    )


def test_the_colours_are_told_where_there_are_weights() -> None:
    subject = Subject((1, 1), (), "", "poisson", False, (np.ones((1, 1)),))
    assert described(subject).startswith("1 input, then 1 output, fully connected, without biases.")
    assert "Blue lines are positive weights" in described(subject)


def test_the_title_is_the_sizes() -> None:
    assert titled(Subject((3, 2), (), "", "", True)) == "A network of 3 and 2 neurons"
