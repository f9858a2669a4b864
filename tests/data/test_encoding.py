from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.dataset import Images
from chainrule.data.encoding import encoder_from_state, fit_encoder
from chainrule.data.image_encoder import ImageEncoder
from chainrule.data.table_encoder import TableEncoder
from chainrule.errors import ModelFileError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
PLAUSIBLE = JSON | st.sampled_from(["number", "text", "date", "a", "b", True, ["a"], ["a", "b"]])
RECORD = st.fixed_dictionaries(
    {"name": PLAUSIBLE, "kind": PLAUSIBLE},
    optional=dict.fromkeys(("has_indicator", "values", "has_other", "has_missing"), PLAUSIBLE),
)


@pytest.mark.parametrize(
    ("features", "kind"),
    [
        (pd.DataFrame({"a": [1, 2]}), TableEncoder),
        (np.eye(2), TableEncoder),
        (np.eye(2, dtype=np.uint8), TableEncoder),
        (np.zeros((2, 3, 3)), ImageEncoder),
        (Images(np.eye(2, dtype=np.uint8)), ImageEncoder),
    ],
)
def test_the_encoder_fits_the_features_and_comes_back(features: Any, kind: type) -> None:
    encoder = fit_encoder(features)
    assert type(encoder) is kind
    assert encoder_from_state(*encoder.to_state()) == encoder


@pytest.mark.parametrize("state", [None, [], "table", {}, {"kind": "pickle"}, {"kind": 1}])
def test_a_state_that_is_none_is_refused(state: object) -> None:
    with pytest.raises(ModelFileError, match="the model file is damaged"):
        encoder_from_state(state, {})


@given(
    kind=st.sampled_from(["table", "images"]),
    columns=st.lists(RECORD | JSON, max_size=3),
    names=PLAUSIBLE,
    rest=st.dictionaries(st.sampled_from(["shape", "pixel_type"]), PLAUSIBLE),
    size=st.integers(0, 2),
)
def test_whatever_a_file_holds_is_read_or_refused(
    kind: str, columns: list[Any], names: Any, rest: dict[str, Any], size: int
) -> None:
    state = {"kind": kind, "columns": columns, "input_names": names, **rest}
    arrays = dict.fromkeys(("median", "mean", "scale", "divisor"), np.ones(size))
    with suppress(ModelFileError):
        encoder_from_state(state, arrays)
