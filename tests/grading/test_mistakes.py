"""The catalogue of mistakes: what each is called, and samples of it.

Every sample takes a document that is right from top to bottom and makes one step of it wrong. The
step must be the only one that is not right, and its mistake must be named.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from chainrule.grading import Report, grade

DOCUMENTS = Path(__file__).parent / "documents"
RIGHT = sorted(path.name for path in DOCUMENTS.iterdir() if path.name != "worked_solution.md")


@dataclass(frozen=True)
class Sample:
    """A document, a piece of it, what is written in its place, and what that mistake is called."""

    document: str
    right: str
    wrong: str
    mistake: str


CATALOGUE = [
    Sample(
        "layers_as_powers.md",
        r"(a^L - y) \odot \sigma'(z^L) \\",
        r"(a^L - y) \odot \sigma'(a^L) \\",
        "derivative-argument",
    ),
    Sample(
        "layers_as_powers.md",
        r"(a^L - y) \odot \sigma'(z^L) \\",
        r"(y - a^L) \odot \sigma'(z^L) \\",
        "sign",
    ),
    Sample(
        "layers_as_powers.md",
        r"(a^L - y) \odot \sigma'(z^L) \\",
        r"(a^L - y) \\",
        "missing-derivative",
    ),
    Sample(
        "layers_as_powers.md",
        r"((w^{l+1})^T \delta^{l+1}) \odot",
        r"(w^{l+1} \delta^{l+1}) \odot",
        "missing-transpose",
    ),
    Sample(
        "layers_as_powers.md",
        r"((w^{l+1})^T \delta^{l+1}) \odot",
        r"((w^{l})^T \delta^{l+1}) \odot",
        "wrong-layer",
    ),
    Sample(
        "layers_as_powers.md",
        r"((w^{l+1})^T \delta^{l+1}) \odot",
        r"((w^{l+1})^T \delta^{l}) \odot",
        "wrong-layer",
    ),
    Sample(
        "layers_as_powers.md",
        r"a^{l-1}_k \delta^l_j",
        r"a^{l}_k \delta^l_j",
        "wrong-layer",
    ),
    Sample(
        "layers_as_powers.md",
        r"a^{l-1}_k \delta^l_j",
        r"a^{l-1}_j \delta^l_k",
        "wrong-index",
    ),
    Sample(
        "layers_as_powers.md",
        r"\sum_k \delta^{l+1}_k w^{l+1}_{kj} \sigma'(z^l_j)$",
        r"\sum_k \delta^{l+1}_k w^{l+1}_{jk} \sigma'(z^l_j)$",
        "swapped-indices",
    ),
    Sample(
        "layers_as_powers.md",
        r"\sum_k \delta^{l+1}_k w^{l+1}_{kj} \sigma'(z^l_j)$",
        r"\delta^{l+1}_k w^{l+1}_{kj} \sigma'(z^l_j)$",
        "missing-sum",
    ),
    Sample(
        "layers_as_powers.md",
        r"\sum_k \delta^{l+1}_k w^{l+1}_{kj} \sigma'(z^l_j)$",
        r"\sum_k \delta^{l+1}_k w^{l+1}_{kj} \sigma'(z^{l+1}_k)$",
        "wrong-index+wrong-layer",
    ),
    Sample(
        "differentials.md",
        r"dW^{[2]} &= dz^{[2]} a^{[1]T}",
        r"dW^{[2]} &= a^{[1]} dz^{[2]T}",
        "misplaced-transpose",
    ),
    Sample(
        "differentials.md",
        r"* (1 - (a^{[1]})^2)",
        r"* a^{[1]} * (1 - a^{[1]})",
        "wrong-derivative",
    ),
    Sample(
        "differentials.md",
        r"* (1 - (a^{[1]})^2)",
        r"* (1 - a^{[1]})",
        "wrong-derivative",
    ),
    Sample(
        "differentials.md",
        r"dW^{[1]} &= dz^{[1]} x^T",
        r"dW^{[1]} &= dz^{[1]} x",
        "missing-transpose",
    ),
    Sample(
        "differentials.md",
        r"dz^{[1]} &= W^{[2]T} dz^{[2]} * g",
        r"dz^{[1]} &= W^{[2]} dz^{[2]} * g",
        "missing-transpose",
    ),
    Sample(
        "batch_in_columns.md",
        r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}",
        r"dW^{[2]} = dZ^{[2]} A^{[1]T}",
        "sum-for-mean",
    ),
    Sample(
        "batch_in_columns.md",
        r"db^{[2]} = \frac{1}{m} \sum_{i=1}^m dZ^{[2](i)}",
        r"db^{[2]} = \sum_{i=1}^m dZ^{[2](i)}",
        "sum-for-mean",
    ),
    Sample(
        "batch_in_columns.md",
        r"\frac{1}{m} dZ^{[1]} X^T",
        r"\frac{1}{m} X dZ^{[1]T}",
        "factors-swapped",
    ),
    Sample(
        "batch_in_columns.md",
        r"dZ^{[2]} * g^{[1]'}(Z^{[1]})",
        r"dZ^{[2]} * g^{[1]'}(A^{[1]})",
        "derivative-argument",
    ),
    Sample(
        "batch_in_columns.md",
        r"dZ^{[2]} * g^{[1]'}(Z^{[1]})",
        r"dZ^{[2]} * g^{[1]}(Z^{[1]})",
        "missing-prime",
    ),
    Sample(
        "indices.md",
        r"h'(a_j) \sum_k w_{kj}^{(2)} \delta_k",
        r"h'(a_j) \sum_k w_{jk}^{(2)} \delta_k",
        "swapped-indices",
    ),
    Sample(
        "indices.md",
        r"h'(a_j) \sum_k w_{kj}^{(2)} \delta_k",
        r"\sum_k w_{kj}^{(2)} \delta_k",
        "missing-derivative",
    ),
    Sample(
        "indices.md",
        r"= y_k - t_k",
        r"= t_k - y_k",
        "sign",
    ),
    Sample(
        "indices.md",
        r"= y_k - t_k",
        r"= 2 (y_k - t_k)",
        "factor-of-two",
    ),
    Sample(
        "indices.md",
        r"= \delta_j x_i,",
        r"= \delta_j z_i,",
        "wrong-quantity",
    ),
    Sample(
        "batch_in_rows.md",
        r"= \frac{1}{m} (\hat Y - Y)",
        r"= (\hat Y - Y)",
        "sum-for-mean",
    ),
    Sample(
        "batch_in_rows.md",
        r"= H^T \frac{\partial L}{\partial Z_2}",
        r"= \frac{\partial L}{\partial Z_2} H^T",
        "factors-swapped",
    ),
    Sample(
        "batch_in_rows.md",
        r"= \frac{\partial L}{\partial Z_2} W_2^T",
        r"= \frac{\partial L}{\partial Z_2} W_2",
        "missing-transpose",
    ),
    Sample(
        "batch_in_rows.md",
        r"\mathbf{1}[Z_1 > 0]",
        r"\mathbf{1}[Z_1 < 0]",
        "wrong-condition",
    ),
    Sample(
        "one_neuron_a_layer.md",
        r"= a^{(L-1)} \sigma'(z^{(L)}) 2 (a^{(L)} - y)",
        r"= a^{(L)} \sigma'(z^{(L)}) 2 (a^{(L)} - y)",
        "wrong-layer",
    ),
    Sample(
        "one_neuron_a_layer.md",
        r"= \sigma'(z^{(L)}) 2(a^{(L)} - y)",
        r"= \sigma'(z^{(L)}) (a^{(L)} - y)",
        "factor-of-two",
    ),
    Sample(
        "letters_for_layers.md",
        r"= (\hat{\mathbf{y}} - \mathbf{y}) \mathbf{h}^\top",
        r"= \mathbf{h} (\hat{\mathbf{y}} - \mathbf{y})^\top",
        "factors-swapped",
    ),
    Sample(
        "letters_for_layers.md",
        r"= \mathbf{V}^\top (\hat{\mathbf{y}} - \mathbf{y})$",
        r"= \mathbf{V} (\hat{\mathbf{y}} - \mathbf{y})$",
        "missing-transpose",
    ),
    Sample(
        "letters_for_layers.md",
        r"\odot \mathbf{h} \odot (1 - \mathbf{h})",
        r"\odot (1 - \mathbf{h})",
        "missing-factor",
    ),
    Sample(
        "letters_for_layers.md",
        r"L = \hat{\mathbf{y}} - \mathbf{y}$",
        r"L = (\hat{\mathbf{y}} - \mathbf{y}) \odot \hat{\mathbf{y}} \odot (1 - \hat{\mathbf{y}})$",
        "extra-derivative",
    ),
    Sample(
        "shifted_layers.md",
        r"= - (y - a^{(3)}) \bullet f'(z^{(3)})",
        r"= (y - a^{(3)}) \bullet f'(z^{(3)})",
        "sign",
    ),
    Sample(
        "shifted_layers.md",
        r"= \delta^{(3)} (a^{(2)})^T",
        r"= \delta^{(3)} (a^{(1)})^T",
        "wrong-layer",
    ),
    Sample(
        "shifted_layers.md",
        r"J(W,b;x,y) = \delta^{(2)}",
        r"J(W,b;x,y) = \delta^{(3)}",
        "wrong-layer",
    ),
    Sample(
        "letters_as_layers.md",
        r"= -(t_k - o_k) o_k (1-o_k) o_j",
        r"= -(t_k - o_k) o_k (1-o_k)",
        "missing-factor",
    ),
    Sample(
        "letters_as_layers.md",
        r"= o_j (1-o_j) \sum_k \delta_k w_{kj}",
        r"= o_j (1-o_j) \delta_k w_{kj}",
        "missing-sum",
    ),
    Sample(
        "letters_as_layers.md",
        r"= - \delta_j x_i",
        r"= \delta_j x_i",
        "sign",
    ),
    Sample(
        "einstein.md",
        r"= (y_i - t_i) f'(z_i) x_j",
        r"= (y_i - t_i) x_j",
        "missing-derivative",
    ),
    Sample(
        "einstein.md",
        r"= (y_i - t_i) f'(z_i) W_{ij}",
        r"= (y_i - t_i) f'(z_i) W_{ji}",
        "swapped-indices",
    ),
    Sample(
        "softmax_regression.md",
        r"&= \hat y_i (\delta_{ij} - \hat y_j) \\",
        r"&= \hat y_i (1 - \hat y_i) \\",
        "softmax-elementwise",
    ),
    Sample(
        "softmax_regression.md",
        r"&= \hat y_i (\delta_{ij} - \hat y_j) \\",
        r"&= \hat y_i (\delta_{ij} - \hat y_i) \\",
        "wrong-index",
    ),
    Sample(
        "softmax_regression.md",
        r"x^\top + \lambda W$",
        r"x^\top + \frac{\lambda}{2} W$",
        "lambda-half",
    ),
    Sample(
        "softmax_regression.md",
        r"x^\top + \lambda W$",
        r"x^\top$",
        "missing-decay",
    ),
    Sample(
        "softmax_regression.md",
        r"\frac{\partial J}{\partial b} = (\hat{y} - y)",
        r"\frac{\partial J}{\partial b} = (\hat{y} - y) + \lambda b",
        "decayed-bias",
    ),
    Sample(
        "macros.tex",
        r"\mathbf{a}^{(l-1)\top} + \lambda \W^{(l)}",
        r"\mathbf{a}^{(l)\top} + \lambda \W^{(l)}",
        "wrong-layer",
    ),
    Sample(
        "macros.tex",
        r"\mathbf{a}^{(l-1)\top} + \lambda \W^{(l)}",
        r"\mathbf{a}^{(l-1)\top} + 2\lambda \W^{(l)}",
        "factor-of-two",
    ),
    Sample(
        "macros.tex",
        r"{\W^{(l+1)}}^\top \pd{J}",
        r"{\W^{(l+1)}} \pd{J}",
        "missing-transpose",
    ),
]


def read(document: str) -> str:
    return (DOCUMENTS / document).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", RIGHT)
def test_every_step_of_a_right_document_is_right(document: str) -> None:
    report = grade(read(document))
    assert [step for step in report.steps if step.verdict not in ("right", "definition")] == []
    assert report.summary.right >= 2


@cache
def graded(sample: Sample) -> Report:
    text = read(sample.document)
    assert sample.right in text
    return grade(text.replace(sample.right, sample.wrong, 1))


@pytest.mark.parametrize(
    "sample", CATALOGUE, ids=lambda sample: f"{sample.document}-{sample.wrong}"
)
def test_a_mistake_is_found_and_named(sample: Sample) -> None:
    report = graded(sample)
    mistaken = [step for step in report.steps if step.is_mistaken]
    assert len(mistaken) == 1
    assert report.summary.unread == 0
    assert mistaken[0].mistake == sample.mistake


@pytest.mark.parametrize(
    "sample", CATALOGUE, ids=lambda sample: f"{sample.document}-{sample.wrong}"
)
def test_the_first_suggestion_put_in_its_place_is_right(sample: Sample) -> None:
    report = graded(sample)
    [step] = [step for step in report.steps if step.is_mistaken]
    mended = report.source[: step.start] + step.suggestions[0] + report.source[step.end :]
    assert not grade(mended).has_mistakes
