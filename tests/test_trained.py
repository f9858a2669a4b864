"""A trained model takes raw rows and answers in the user's terms."""

import numpy as np
import pytest
from trained_models import CASES, a_number, an_array, images, two_classes

from chainrule.arrays import Array
from chainrule.data import ClassTarget, Images, NumberTarget, fit_encoder
from chainrule.errors import DataError
from chainrule.trained import TrainedModel, architecture_for, class_codes, encoded_targets


@pytest.mark.parametrize(
    ("target", "n_outputs", "output", "loss"),
    [
        (NumberTarget(0.0, 1.0), 1, "identity", "squared_error"),
        (ClassTarget(("no", "yes")), 1, "logistic", "binary_cross_entropy"),
        (ClassTarget((1, 2, 3)), 3, "softmax", "cross_entropy"),
    ],
)
def test_output_and_loss_are_chosen_by_the_target(
    target: ClassTarget | NumberTarget, n_outputs: int, output: str, loss: str
) -> None:
    net = architecture_for(fit_encoder(np.eye(4)), target, [6, 5], "gelu")
    assert net.layer_sizes == (4, 6, 5, n_outputs)
    assert (net.output.name, net.loss.name) == (output, loss)
    assert {function.name for function in net.hidden} == {"gelu"}


def test_a_network_may_have_no_hidden_layer() -> None:
    assert images().model.architecture.layer_sizes == (16, 3)


@pytest.mark.parametrize("name", CASES)
def test_there_is_one_answer_a_row(name: str) -> None:
    case = CASES[name]()
    assert case.model.predict(case.rows).shape == (len(case.rows),)


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"a_number"}))
def test_probabilities_sum_to_one_and_choose_the_class(name: str) -> None:
    case = CASES[name]()
    probabilities = case.model.predict_proba(case.rows)
    assert probabilities.shape == (len(case.rows), len(case.model.classes))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    chosen = case.model.classes[probabilities.argmax(axis=1)]
    assert case.model.predict(case.rows).tolist() == chosen.tolist()


def test_the_second_class_is_the_one_that_a_single_output_speaks_for() -> None:
    case = two_classes()
    outputs = case.model.outputs(case.rows)
    assert case.model.classes.tolist() == ["no", "yes"]
    np.testing.assert_array_equal(case.model.predict_proba(case.rows)[:, 1], outputs[:, 0])


def test_numbers_come_in_the_unit_of_the_target() -> None:
    case = a_number()
    target = case.model.target
    assert isinstance(target, NumberTarget)
    outputs = case.model.outputs(case.rows)[:, 0]
    np.testing.assert_array_equal(
        case.model.predict(case.rows), outputs * target.scale + target.mean
    )


def test_the_task_is_told() -> None:
    assert [two_classes().model.task, a_number().model.task] == ["classification", "regression"]


def test_a_model_of_numbers_has_no_probabilities() -> None:
    case = a_number()
    with pytest.raises(DataError, match="predicts numbers"):
        case.model.predict_proba(case.rows)


def test_columns_are_found_by_name_in_any_order() -> None:
    case = two_classes()
    shuffled = case.rows[["kind", "age", "size"]].assign(more=1)
    assert case.model.predict(shuffled).tolist() == case.model.predict(case.rows).tolist()


def test_an_array_stands_for_the_columns_of_training_in_order() -> None:
    case = an_array()
    with pytest.raises(DataError, match="the rows have 2 columns"):
        case.model.predict(case.rows[:, :2])


def test_images_may_come_as_an_array() -> None:
    case = images()
    expected = case.model.predict(case.rows)
    assert case.model.predict(case.rows.pixels).tolist() == expected.tolist()


def test_images_are_refused_where_a_table_is_needed_and_the_reverse() -> None:
    with pytest.raises(DataError, match="a table is needed"):
        two_classes().model.predict(images().rows)
    with pytest.raises(DataError, match="images are needed"):
        images().model.predict(two_classes().rows)


@pytest.mark.parametrize("name", CASES)
def test_many_rows_are_answered_in_parts_as_in_one(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]()
    whole = case.model.outputs(case.rows)
    monkeypatch.setattr("chainrule.trained._ROWS_AT_ONCE", 7)
    np.testing.assert_allclose(case.model.outputs(case.rows), whole, rtol=1e-6)


def test_no_rows_give_no_answers() -> None:
    case = two_classes()
    assert case.model.predict(case.rows.iloc[:0]).shape == (0,)
    assert case.model.predict_proba(case.rows.iloc[:0]).shape == (0, 2)


def test_an_output_that_overflows_is_refused() -> None:
    case = a_number()
    old = case.model
    params = old.params.like(np.full_like(old.params.vector, 1e308))
    model = TrainedModel(old.architecture, params, old.encoder, old.target)
    with pytest.raises(DataError, match="output for row 1 is not finite"):
        model.predict(case.rows)


@pytest.mark.parametrize(
    ("outputs", "codes"),
    [([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]], [1, 0]), ([[0.5], [0.51], [0.0]], [0, 1, 0])],
)
def test_the_class_is_the_largest_output_or_the_side_of_a_half(
    outputs: list[list[float]], codes: list[int]
) -> None:
    assert class_codes(np.array(outputs)).tolist() == codes


def targets_of(target: ClassTarget | NumberTarget, values: Array) -> list[list[float]]:
    net = architecture_for(fit_encoder(Images(np.zeros((2, 1, 2)))), target, [], "relu")
    T: list[list[float]] = encoded_targets(net, target, values, np.float32).tolist()
    return T


def test_targets_are_written_as_the_network_learns_them() -> None:
    assert targets_of(ClassTarget((3, 5, 8)), np.array([8, 3])) == [[0, 0, 1], [1, 0, 0]]
    assert targets_of(ClassTarget((3, 5)), np.array([5, 3])) == [[1], [0]]
    assert targets_of(NumberTarget(10.0, 2.0), np.array([14.0, 9.0])) == [[2], [-0.5]]


def test_a_model_shows_itself_in_one_line() -> None:
    shown = repr(two_classes().model)
    assert shown.startswith("TrainedModel(classification, network ")
    assert "\n" not in shown
