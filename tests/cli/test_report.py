"""Scores of a model, as numbers and as a table."""

import numpy as np
import pytest
from rich.console import Console
from sklearn.metrics import precision_recall_fscore_support, r2_score
from trained_models import a_number, two_classes

from chainrule.cli.report import Report, metric_name, report, scorer
from chainrule.data import ClassTarget, NumberTarget, Part
from chainrule.errors import DataError


def drawn(of: Report) -> str:
    console = Console(width=80)
    with console.capture() as text:
        console.print(of.table)
    return text.get()


def test_classes_are_scored_one_by_one() -> None:
    case = two_classes()
    truth = np.array(["yes", "no", "yes"] * 20, dtype=object)
    of = report(case.model, Part(case.rows, truth))
    predicted = case.model.predict(case.rows)
    columns = precision_recall_fscore_support(truth, predicted, labels=["no", "yes"])
    assert of.score == np.mean(truth == predicted)
    rows = of.details["classes"]
    assert [row["class"] for row in rows] == ["no", "yes"]
    for key, column in zip(("precision", "recall", "f1", "rows"), columns, strict=True):
        assert [row[key] for row in rows] == column.tolist()


def test_a_class_without_rows_scores_zero_and_not_nan() -> None:
    case = two_classes()
    of = report(case.model, Part(case.rows, np.array(["yes"] * 60, dtype=object)))
    assert of.details["classes"][0]["recall"] == 0


def test_numbers_are_scored_in_their_unit() -> None:
    case = a_number()
    truth = np.linspace(-1e6, 1e6, 60)
    of = report(case.model, Part(case.rows, truth))
    predicted = case.model.predict(case.rows)
    assert of.score == pytest.approx(r2_score(truth, predicted))
    assert of.details["rmse"] == pytest.approx(np.sqrt(np.mean((truth - predicted) ** 2)))


@pytest.mark.parametrize(("outputs", "score"), [([2.0, 2.0], 1), ([2.0, 3.0], 0)])
def test_constant_targets_are_met_or_not(outputs: list[float], score: float) -> None:
    T = np.array([[2.0], [2.0]])
    assert scorer(NumberTarget(0.0, 1.0), T)(np.array(outputs)[:, np.newaxis]) == score


def test_the_score_while_training_is_that_of_the_report() -> None:
    outputs = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    T = np.array([[1, 0], [1, 0], [1, 0]])
    assert scorer(ClassTarget(("a", "b")), T)(outputs) == 2 / 3
    assert metric_name(ClassTarget(("a", "b"))) == "accuracy"
    assert metric_name(NumberTarget(0.0, 1.0)) == "R²"


@pytest.mark.parametrize("truth", [None, np.array([], dtype=object)])
def test_there_must_be_rows_with_a_truth(truth: np.ndarray | None) -> None:
    case = two_classes()
    with pytest.raises(DataError, match="no rows with a known target"):
        report(case.model, Part(case.rows.iloc[:0], truth))


def test_the_tables_fit_80_columns_and_show_the_score() -> None:
    row = {"precision": 0.5, "recall": 0.25, "f1": 1 / 3, "rows": 12345}
    classes = [{"class": f"a class of a long name, number {i}", **row} for i in range(60)]
    text = drawn(Report("accuracy", 0.875, {"classes": classes}, 60 * 12345))
    assert "… and 10 more" in text
    assert "0.8750" in text.splitlines()[-1]
    assert max(map(len, text.splitlines())) <= 80
    assert "0.9000" in drawn(Report("R²", 0.9, {"rmse": 1.5}, 10))
