"""The mathematics of a derivation: what comes out, and that nothing untrue does."""

from dataclasses import replace
from itertools import product

import pytest
from cases import ACTIVATIONS, PAIRS

from chainrule import Derivation, Network, derive
from chainrule.calculus import Expression, Negative, to_text
from chainrule.calculus.function import y as function_value
from chainrule.derivation import derivation as whole
from chainrule.derivation.chain import Chain
from chainrule.derivation.document import Equation, Line
from chainrule.errors import ChainruleError, SpecificationError, VerificationError
from chainrule.functions import LOGISTIC

LAYOUTS = ("mixed", "numerator", "denominator")
SHEET = Network([256, 7, 10], hidden="logistic", bias=False)
UNIT = Network([5, 1], output="logistic", bias=False)
TEN = Network(
    [9, 8, 7, 6, 5, 9, 8, 7, 6, 5, 4],
    hidden=["relu", "tanh", "logistic", "gelu", "softplus", "relu", "tanh", "logistic", "gelu"],
)


def equations(derivation: Derivation) -> list[Equation]:
    return [one for section in derivation.document.sections for one in section.equations]


def results(derivation: Derivation) -> dict[str, set[str]]:
    """Every right side that is shown, by its left side."""
    found: dict[str, set[str]] = {}
    for equation in equations(derivation):
        rights = {to_text(line.right) for line in equation.lines}
        found.setdefault(to_text(equation.left), set()).update(rights)
    return found


@pytest.mark.parametrize(
    ("left", "right", "shape"),
    [
        ("∂E/∂z_i(2)", "y_i Σ_j t_j - t_i", "1 × 1"),
        ("∂E/∂z_i(2)", "y_i - t_i", "1 × 1"),
        ("∂E/∂z(2)", "(y - t)ᵀ", "1 × n_2"),
        ("∂E/∂z(2)", "((𝟏ᵀ t) y - t)ᵀ", "1 × n_2"),
        ("∂y_i/∂z_i(2)", "y_i (1 - y_i)", "1 × 1"),
        ("∂y_j/∂z_i(2)", "-y_j y_i", "1 × 1"),
        ("∂y/∂z(2)", "diag(y) - y yᵀ", "n_2 × n_2"),
        ("∂E/∂y(1)", "∂E/∂z(2) W(2)", "1 × n_1"),
        ("∂E/∂W_uv(2)", "(y_u - t_u) y_v(1)", "1 × 1"),
        ("∂E/∂W(2)", "(y - t) y(1)ᵀ", "n_2 × n_1"),
        ("σ'(z)", "σ(z) (1 - σ(z))", "1 × 1"),
        ("∂y(1)/∂z(1)", "diag(y(1) ∘ (1 - y(1)))", "n_1 × n_1"),
        ("∂E/∂z(1)", "∂E/∂y(1) diag(y(1) ∘ (1 - y(1)))", "1 × n_1"),
        ("∂E/∂W_uv(1)", "∂E/∂z_u(1) x_v", "1 × 1"),
        ("∂E/∂W(1)", "(∂E/∂z(1))ᵀ xᵀ", "n_1 × n_0"),
        ("Δ(2)", "(Y - T)/m", "m × n_2"),
        ("Δ(1)", "(Δ(2) W(2)) ∘ Y(1) ∘ (1 - Y(1))", "m × n_1"),
        ("∂E/∂W(2)", "Δ(2)ᵀ Y(1)", "n_2 × n_1"),
        ("∂E/∂X", "Δ(1) W(1)", "m × n_0"),
        ("∂E/∂W(1)", "Δ(1)ᵀ X + λ W(1)", "n_1 × n_0"),
    ],
)
def test_the_exercise_sheet_comes_out(left: str, right: str, shape: str) -> None:
    derivation = derive(SHEET, l2=True)
    assert right in results(derivation)[left]
    shapes = {str(one.shape) for one in equations(derivation) if to_text(one.left) == left}
    assert shapes == {shape}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("∂E/∂t", "log(1 - σ(W(1) x)) - log(σ(W(1) x))"),
        ("∂(-t log(y))/∂x", "-t (1 - σ(W(1) x)) W(1)"),
        ("∂E/∂x", "(y - t) W(1)"),
    ],
)
def test_one_unit_comes_out_term_by_term(left: str, right: str) -> None:
    assert right in results(derive(UNIT))[left]


def test_biases_get_the_gradient_of_their_pre_activations() -> None:
    with_bias = derive(Network([3, 4, 2], hidden="tanh"))
    assert "∂E/∂z(1)" in results(with_bias)["∂E/∂b(1)"]
    assert "𝟏ᵀ Δ(2)" in results(with_bias)["∂E/∂b(2)"]
    assert not any("∂b" in left for left in results(derive(SHEET)))


def test_in_the_denominator_layout_factors_stand_from_the_inside_out() -> None:
    found = results(derive(SHEET, layout="denominator"))
    assert found["∂E/∂y(1)"] >= {"∂z(2)/∂y(1) ∂E/∂z(2)", "W(2)ᵀ (y - t)"}
    assert "∂E/∂z(2) y(1)ᵀ" in found["∂E/∂W(2)"]


def test_in_the_numerator_layout_a_derivative_by_a_matrix_is_transposed() -> None:
    derivation = derive(SHEET, layout="numerator", l2=True)
    found = results(derivation)
    assert found["∂E/∂W(2)"] >= {"y(1) ∂E/∂z(2)", "y(1) (y - t)ᵀ"}
    assert "Y(1)ᵀ Δ(2) + λ W(2)ᵀ" in found["∂E/∂W(2)"]


@pytest.mark.parametrize(("pair", "layout"), [*product(PAIRS, LAYOUTS)], ids=str)
def test_every_output_with_every_loss_is_derived(pair: tuple[str, str], layout: str) -> None:
    output, loss = pair
    several = Network([3, 4, 2], hidden="tanh", output=output, loss=loss)
    assert derive(several, layout, detail="full", l2=True).check.worst_error < 1e-12
    if output != "softmax":
        single = Network([3, 4, 1], hidden="tanh", output=output, loss=loss)
        assert derive(single, layout, detail="full").check.worst_error < 1e-12


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_derived(name: str) -> None:
    net = Network([3, 4, 5, 2], hidden=name)
    assert derive(net, detail="full").check.worst_error < 1e-12


@pytest.mark.parametrize("layout", LAYOUTS)
def test_ten_layers_come_from_the_same_code(layout: str) -> None:
    derivation = derive(TEN, layout, l2=True)
    assert derivation.check.worst_error < 1e-12
    assert {f"∂E/∂W({layer})" for layer in range(1, 11)} <= set(results(derivation))


def test_a_level_of_detail_shows_what_the_lower_one_does_and_more() -> None:
    shown = [
        {
            (left, right)
            for left, rights in results(derive(SHEET, detail=level)).items()
            for right in rights
        }
        for level in ("brief", "normal", "full")
    ]
    assert shown[0] < shown[1] < shown[2]


def test_results_assume_that_targets_sum_to_one_only_where_they_must() -> None:
    derivation = derive(SHEET, detail="full")
    assert derivation.check.assumptions == ("sum-to-one",)
    free = {
        to_text(line.right)
        for one in equations(derivation)
        for line in one.lines
        if line.assumption is None
    }
    assert "y_i Σ_j t_j - t_i" in free
    assert "∂E/∂z(2) W(2)" in free
    assert "y_i - t_i" not in free
    assert derive(Network([3, 2], output="logistic")).check.assumptions == ()


def test_the_points_have_sizes_that_all_differ() -> None:
    check = derive(TEN).check
    sizes = [count.n for count in check.sizes] + [check.n_samples]
    assert len(set(sizes)) == len(sizes) == 12
    assert check.points >= 4


def test_results_alone_still_define_what_they_use() -> None:
    text = derive(SHEET, detail="brief", l2=True).to_text()
    assert "Δ(2)     = ∂E/∂Z(2)" in text
    assert "the rows of X" in text
    assert "E = 1/m Σ_s E_s\n" in text
    assert "= 1/m Σ_s E_s + λ/2 Σ_l ‖W(l)‖²" in text


def test_every_page_says_of_what_the_loss_is() -> None:
    for detail in ("brief", "normal", "full"):
        text = " ".join(derive(SHEET, detail=detail).to_text().split())
        assert "E is the loss of one sample, except for a batch" in text
        assert text.count("Functions act entry by entry") <= 1


def test_a_factor_of_one_is_not_written() -> None:
    net = Network([3, 2], output="identity", loss="huber")
    assert "1 sign(" not in derive(net, detail="full").to_text()


# Lines that are not true


def test_a_function_with_a_wrong_derivative_is_not_written() -> None:
    wrong = replace(LOGISTIC, name="wrong", derivative=function_value * (1 + function_value))
    with pytest.raises(VerificationError, match="off by"):
        derive(Network([3, 4, 2], hidden=wrong))


@pytest.mark.parametrize("spoiled", ["sign", "transpose", "factor"])
def test_a_wrong_line_anywhere_raises(spoiled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sections = whole._sections

    def with_a_wrong_line(*arguments: object) -> object:
        for section in sections(*arguments):  # type: ignore[arg-type]
            if section.part == 6:
                equation = section.equations[-1]
                right = equation.lines[-1].right
                wrong = {"sign": Negative(right), "transpose": right.T, "factor": right * right}
                line = Line(wrong[spoiled], "none")
                lines = (*equation.lines[:-1], line)
                items = (*section.items[:-1], replace(equation, lines=lines))
                section = replace(section, items=items)  # noqa: PLW2901
            yield section

    monkeypatch.setattr(whole, "_sections", with_a_wrong_line)
    with pytest.raises(VerificationError):
        derive(SHEET)


def test_an_assumption_that_is_left_out_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(chain: Chain, _: str, right: Expression, rule: str) -> Chain:
        return chain.to(right, rule)

    monkeypatch.setattr(Chain, "assuming", forgetful)
    with pytest.raises(VerificationError, match="targets sum to one"):
        derive(SHEET)


# What cannot be derived


@pytest.mark.parametrize(
    ("sizes", "options", "message"),
    [
        ([3, 1], {"output": "softmax"}, "always 1"),
        ([3, 2], {"layout": "rows"}, "there is no layout 'rows'"),
        ([3, 2], {"detail": "long"}, "there is no level of detail 'long'"),
        ([3, 2], {"symbols": {"targets": "x"}}, "cannot both be written 'x'"),
    ],
)
def test_nonsense_gets_one_sentence(
    sizes: list[int], options: dict[str, object], message: str
) -> None:
    net = Network(sizes, output=str(options.pop("output", "softmax")))
    with pytest.raises(ChainruleError, match=message):
        derive(net, **options)  # type: ignore[arg-type]


def test_a_softmax_of_one_output_is_a_specification_error() -> None:
    with pytest.raises(SpecificationError, match="take output='logistic'"):
        derive(Network([3, 4, 1]))
