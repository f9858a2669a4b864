"""Networks to be drawn: small and large, shallow and deep, with long and strange names."""

import dataclasses
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from chainrule.functions import FUNCTIONS, RELU
from chainrule.losses import LOSSES
from chainrule.network import Architecture
from chainrule.outputs import OUTPUTS
from chainrule.picture.layout import scene_of
from chainrule.picture.scene import Scene
from chainrule.picture.subject import Subject, subject_of

STRANGE_NAME = "a<b> & 50% of_$10 {\\x} #1 ~^ 'é"

sizes = st.one_of(st.integers(1, 12), st.integers(13, 5000), st.integers(10**5, 10**6))
names = st.sampled_from(
    [*FUNCTIONS, "a_rather_long_name_of_a_function", "Donaudampfschifffahrtsfn"]
)


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    """Anything that can be drawn."""
    layer_sizes = tuple(draw(st.lists(sizes, min_size=2, max_size=21)))
    n_hidden = len(layer_sizes) - 2
    hidden = tuple(draw(st.lists(names, min_size=n_hidden, max_size=n_hidden)))
    output = draw(st.sampled_from([*OUTPUTS, ""]))
    loss = draw(st.sampled_from([*LOSSES, ""]))
    weights = None
    if sum(layer_sizes) < 200 and draw(st.booleans()):
        rng = np.random.default_rng(draw(st.integers(0, 99)))
        scale = 10.0 ** draw(st.integers(-8, 8))
        weights = tuple(
            scale * rng.standard_normal((n_out, n_in)) for n_in, n_out in pairwise(layer_sizes)
        )
    return Subject(layer_sizes, hidden, output, loss, draw(st.booleans()), weights)


def scene(*layer_sizes: int, max_neurons: int = 10, bias: bool = True) -> Scene:
    """The picture of a network of logistic and softmax functions."""
    net = Architecture.of(layer_sizes, "logistic", bias=bias)
    return scene_of(subject_of(net), max_neurons)


def strange_scene() -> Scene:
    """The picture of a network whose function has a name full of other languages' signs."""
    function = dataclasses.replace(RELU, name=STRANGE_NAME)
    return scene_of(subject_of(Architecture.of([2, 3, 2], function)), 10)


def weighted_scene(*matrices: object) -> Scene:
    """The picture of an identity network with these weights ``W(1), W(2), …``."""
    arrays = tuple(np.array(matrix, dtype=float) for matrix in matrices)
    layer_sizes = (arrays[0].shape[1], *(W.shape[0] for W in arrays))
    hidden = ("identity",) * (len(arrays) - 1)
    return scene_of(Subject(layer_sizes, hidden, "identity", "", False, arrays), 10)
