import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from chainrule.data.dataset import Images, Layout
from chainrule.data.table_encoder import TableEncoder
from chainrule.errors import DataError, ModelFileError

TABLE = pd.DataFrame(
    {
        "age": [20.0, 30.0, None, 50.0],
        "city": ["Rome", "Oslo", "Rome", None],
        "gone": [None, None, None, None],
        "member": [True, False, True, True],
    }
)


@pytest.fixture
def encoder() -> TableEncoder:
    return TableEncoder.fit(TABLE)


def test_the_outputs_stand_in_the_order_of_the_columns(encoder: TableEncoder) -> None:
    assert encoder.input_names == ("age", "city", "gone", "member")
    assert encoder.output_names == (
        *("age", "age is missing", "city = Rome", "city = Oslo", "city is missing", "member"),
    )
    X = encoder.transform(TABLE, np.float64)
    assert X[:, 1:5].tolist() == [[0, 1, 0, 0], [0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1]]
    assert encoder.n_outputs == X.shape[1]


def test_the_same_as_the_steps_of_scikit_learn(encoder: TableEncoder) -> None:
    age = SimpleImputer(strategy="median").fit_transform(TABLE[["age"]])
    member = StandardScaler().fit_transform(TABLE[["member"]].astype(float))
    city = OneHotEncoder(categories=[["Rome", "Oslo", "missing"]], sparse_output=False)
    X = encoder.transform(TABLE, np.float64)
    assert np.allclose(X[:, [0]], StandardScaler().fit_transform(age), rtol=0, atol=1e-15)
    assert np.allclose(X[:, [5]], member, rtol=0, atol=1e-15)
    filled = TABLE[["city"]].fillna("missing").to_numpy(object)
    assert (X[:, 2:5] == city.fit_transform(filled)).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_matrix_is_contiguous_and_of_the_type_asked_for(
    encoder: TableEncoder, dtype: type
) -> None:
    X = encoder.transform(TABLE, dtype)
    assert X.dtype == dtype
    assert X.flags.c_contiguous


def test_columns_are_found_by_name_and_others_ignored(encoder: TableEncoder) -> None:
    shuffled = TABLE[["member", "city", "age"]].assign(extra=1)
    assert (encoder.transform(shuffled) == encoder.transform(TABLE)).all()


def test_a_column_that_is_not_there_is_named_with_the_nearest(encoder: TableEncoder) -> None:
    with pytest.raises(DataError) as error:
        encoder.transform(TABLE.rename(columns={"age": "Age"}))
    assert str(error.value) == (
        "there is no column 'age' (did you mean 'Age'?), which the model was trained on"
    )


def test_a_dropped_column_is_not_missed(encoder: TableEncoder) -> None:
    assert encoder.transform(TABLE.drop(columns="gone")).shape == (4, 6)


def test_unseen_text_is_counted_by_column(encoder: TableEncoder) -> None:
    new = TABLE.assign(city=pd.Series(["Bern", "Rome", None, "Bern"]))
    assert encoder.unseen(new) == {"city": 2}
    assert encoder.unseen(TABLE) == {}
    assert encoder.transform(new)[0, 2:5].tolist() == [0, 0, 0]


def test_text_where_a_number_is_needed_is_named(encoder: TableEncoder) -> None:
    with pytest.raises(DataError, match="column 'age' holds 'old' in row 2, where a number"):
        encoder.transform(TABLE.assign(age=["1", "old", "3", "4"]))


def test_an_array_is_read_by_position() -> None:
    values = np.arange(12.0).reshape(4, 3)
    encoder = TableEncoder.fit(values)
    named = pd.DataFrame(values, columns=["x0", "x1", "x2"])
    assert (encoder.transform(values) == encoder.transform(named)).all()
    with pytest.raises(DataError, match="the rows have 2 columns, and the model was trained on 3"):
        encoder.transform(values[:, :2])


def test_names_that_are_numbers_are_names() -> None:
    frame = pd.DataFrame([[1, 2], [3, 5]])
    assert TableEncoder.fit(frame).input_names == ("0", "1")


@pytest.mark.parametrize("names", [["a", "a"], [1, "1"]])
def test_a_name_that_occurs_twice_is_refused(names: list[Any]) -> None:
    with pytest.raises(DataError, match="more than one column"):
        TableEncoder.fit(pd.DataFrame([[1, 2], [3, 4]], columns=names))


def test_images_are_no_table(encoder: TableEncoder) -> None:
    with pytest.raises(DataError, match="a table is needed, and these are images"):
        encoder.transform(Images(np.zeros((2, 3, 3))))


def test_the_layout_names_the_text_columns(encoder: TableEncoder) -> None:
    assert encoder.layout == Layout(text_columns=frozenset({"city"}))


def test_what_is_saved_encodes_bit_for_bit(encoder: TableEncoder) -> None:
    state, saved = encoder.to_state()
    again = TableEncoder.from_state(json.loads(json.dumps(state)), saved)
    assert again == encoder
    assert (again.transform(TABLE, np.float64) == encoder.transform(TABLE, np.float64)).all()


@given(values=arrays(np.float64, (6, 2), elements=st.floats(-1e9, 1e9) | st.just(np.nan)))
def test_any_finite_table_is_encoded_without_nan_and_comes_back(values: Any) -> None:
    frame = pd.DataFrame(values, columns=["a", "b"]).assign(c=[*"xyxyxy"])
    encoder = TableEncoder.fit(frame)
    X = encoder.transform(frame, np.float64)
    assert np.isfinite(X).all()
    again = TableEncoder.from_state(*encoder.to_state())
    assert again.transform(frame, np.float64).tobytes() == X.tobytes()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("input_names", ["age"]),
        ("input_names", "age"),
        ("columns", []),
        ("columns", None),
        ("columns", [{"kind": "text"}]),
        ("columns", ["city"]),
    ],
)
def test_a_damaged_state_is_refused(encoder: TableEncoder, key: str, value: object) -> None:
    state, saved = encoder.to_state()
    with pytest.raises(ModelFileError, match="the model file is damaged"):
        TableEncoder.from_state({**state, key: value}, saved)


def test_a_column_twice_is_refused(encoder: TableEncoder) -> None:
    state, saved = encoder.to_state()
    state["columns"][2]["name"] = "age"
    with pytest.raises(ModelFileError, match="disagree"):
        TableEncoder.from_state(state, saved)
