"""Parts 8 and 9: a batch of samples as rows, and weight decay."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from chainrule.calculus import ColumnSums, Expression, Size, Variable
from chainrule.calculus.entries import entry
from chainrule.calculus.indexed import Entry, IndexSum, SquaredNorm
from chainrule.calculus.matrices import as_rows
from chainrule.calculus.nodes import Product
from chainrule.derivation.document import Detail, Equation, Item, Line, Prose, Section
from chainrule.derivation.page import Page
from chainrule.derivation.parts.output import OutputPart
from chainrule.derivation.truth import Setting

__all__ = ["BatchParts"]

_BATCH = Setting(is_batch=True)
_DECAYED = Setting(is_batch=True, has_decay=True)


@final
@dataclass(frozen=True)
class BatchParts:
    """The gradients of the mean over m samples, and of the penalty on the weights.

    Parameters
    ----------
    page : Page
        The network, the layout and the level of detail.
    output : OutputPart
        Where ``∂E/∂z(L)`` of a sample comes from.
    """

    page: Page
    output: OutputPart

    def batch(self) -> Section:
        """Write the gradients of a batch."""
        q = self.page.quantities
        X = q.stacked(q.x)
        items: list[Item] = [
            Prose(
                (
                    "For ",
                    q.m,
                    " samples, the rows of ",
                    X,
                    " (and so for every capital), ",
                    q.E,
                    " is the mean of their losses; ",
                    Entry(q.losses, (q.s,)),
                    " is the loss of sample ",
                    Variable("s"),
                    ", whose quantities carry its index:",
                ),
                Detail.BRIEF,
            ),
            *self._forward(),
            self._mean(),
            *self._parameter_chain(),
            Prose(self._about_delta(), Detail.BRIEF),
            *self._deltas(),
            *self._gradients(8),
        ]
        return Section(8, "A batch", tuple(items))

    def _about_delta(self) -> tuple[str | Expression, ...]:
        q = self.page.quantities
        return (
            "With the derivatives by the pre-activations of a layer as the rows of one matrix, ",
            q.delta(q.n_layers),
            ", the sums over the samples are products of matrices:",
        )

    def _forward(self) -> Iterator[Equation]:
        """Write the forward equations for all samples at once."""
        q = self.page.quantities
        for layer in q.layers:
            z, y = q.stacked(q.z(layer)), q.stacked(q.y(layer))
            yield self._of_rows(z, self._stacked(q.forward[q.z(layer)]))
            if layer < q.n_layers or not q.has_softmax:
                yield self._of_rows(y, self._stacked(q.activated(layer)))

    @staticmethod
    def _of_rows(left: Variable, right: Expression) -> Equation:
        lines = (Line(right, "forward equations"),)
        return Equation(8, left, lines, _BATCH, Detail.FULL)

    def _mean(self) -> Equation:
        q = self.page.quantities
        mean = 1 / q.m * IndexSum(q.s, Entry(q.losses, (q.s,)))
        return Equation(
            8, q.E, (Line(mean, "mean over the samples"),), _BATCH, Detail.BRIEF, is_definition=True
        )

    def _parameter_chain(self) -> Iterator[Equation]:
        """Derive the gradient of the last weights from those of the samples."""
        page, q = self.page, self.page.quantities
        layer = q.n_layers
        loss = Entry(q.losses, (q.s,))
        chain = page.chain(page.by(q.E, q.W(layer)))
        inner = page.by(loss, q.W(layer))
        chain.to(1 / q.m * IndexSum(q.s, inner), "linearity")
        slope = page.by(loss, q.sample(q.z(layer)))
        column = slope if slope.shape.columns == 1 else slope.T
        outer = Product((column, self._sampled(layer - 1).T))
        chain.to(1 / q.m * IndexSum(q.s, page.rules.like_matrix(outer)), "part 4")
        yield chain.equation(8, setting=_BATCH)

    def _sampled(self, layer: int) -> Expression:
        q = self.page.quantities
        return q.sample(q.y(layer))

    def _stacked(self, column: Expression) -> Expression:
        return as_rows(column, Size("m"), self.page.quantities.rows)

    def _deltas(self) -> Iterator[Equation]:
        q = self.page.quantities
        for layer in range(q.n_layers, 0, -1):
            yield self._delta_definition(layer)
            yield self._delta(layer)

    def _delta_definition(self, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        by = page.by(q.E, q.stacked(q.z(layer)))
        line = Line(by if by.shape == q.delta(layer).shape else by.T, "definition")
        level = Detail.BRIEF if layer == q.n_layers else Detail.FULL
        return Equation(8, q.delta(layer), (line,), _BATCH, level, is_definition=True)

    def _delta(self, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(q.delta(layer))
        if layer < q.n_layers:
            by_output = q.delta(layer + 1) @ q.W(layer + 1)
            slope = self._stacked(page.rules.slope(layer))
            chain.to(by_output * slope, "part 6, sample by sample")
            return chain.equation(8, setting=_BATCH, is_result=True)
        chain.to(self._shared(self.output.free_column), "part 2, sample by sample")
        if self.output.entry.assumption is not None:
            value = self._shared(self.output.column)
            chain.assuming(self.output.entry.assumption, value, "the targets sum to one")
        return chain.equation(8, setting=_BATCH, is_result=True)

    def _shared(self, column: Expression) -> Expression:
        return self._stacked(column) / self.page.quantities.m

    def _gradients(self, part: int) -> Iterator[Equation]:
        page, q = self.page, self.page.quantities
        for layer in range(q.n_layers, 0, -1):
            yield self._weights(layer, part)
        if q.architecture.bias:
            for layer in range(q.n_layers, 0, -1):
                chain = page.chain(page.by(q.E, q.b(layer)))
                sums = ColumnSums(q.delta(layer))
                row = page.rules.gradient(sums.T) if not sums.shape.is_scalar else sums
                chain.to(row, "sum over the samples")
                yield chain.equation(part, setting=_BATCH, is_result=True)
        inputs = page.chain(page.by(q.E, q.stacked(q.x)))
        inputs.to(page.rules.like_matrix(q.delta(1) @ q.W(1)), "part 3, sample by sample")
        yield inputs.equation(part, setting=_BATCH, is_result=True)

    def _product(self, layer: int) -> Expression:
        """Write ``Δ(l)ᵀ Y(l-1)``, like ``W(l)``."""
        q = self.page.quantities
        return q.delta(layer).T @ q.stacked(q.y(layer - 1))

    def _weights(self, layer: int, part: int) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.E, q.W(layer)))
        chain.to(page.rules.like_matrix(self._product(layer)), "sum over the samples")
        return chain.equation(part, setting=_BATCH, is_result=True)

    # Part 9

    def decay(self) -> Section:
        """Write what weight decay adds."""
        q = self.page.quantities
        bias = (
            " The biases are not decayed, so their gradients stay." if q.architecture.bias else ""
        )
        items: list[Item] = [
            Prose(("With weight decay the loss has a penalty on the weights:",)),
            self._penalised(),
            *self._penalty_gradient(),
            Prose(("So every gradient by weights has one more term." + bias,)),
            *(self._decayed(layer) for layer in range(q.n_layers, 0, -1)),
        ]
        return Section(9, "Weight decay", tuple(items))

    def _penalised(self) -> Equation:
        q = self.page.quantities
        mean = 1 / q.m * IndexSum(q.s, Entry(q.losses, (q.s,)))
        line = Line(mean + q.penalty, "definition")
        return Equation(9, q.E, (line,), _DECAYED, Detail.BRIEF, is_definition=True)

    def _penalty_gradient(self) -> Iterator[Equation]:
        page, q = self.page, self.page.quantities
        layer = q.n_layers
        W = q.W(layer)
        penalty = q.decay / 2 * SquaredNorm(W)
        indices = [page.index(q.y(layer - 1), "v")]
        if W.shape.rows != 1:
            indices = [page.index(q.z(layer), "u"), *indices]
        chain = page.chain(page.by(penalty, Entry(W, tuple(indices))))
        inner = page.by(entry(penalty, used=frozenset(indices)), Entry(W, tuple(indices)))
        chain.to(inner, "definition").differentiate().tidied()
        yield chain.equation(9, level=Detail.FULL, setting=_DECAYED)
        whole = page.chain(page.by(penalty, W))
        whole.to(page.rules.like_matrix(q.decay * W), "entries put together")
        yield whole.equation(9, setting=_DECAYED)

    def _decayed(self, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.E, q.W(layer)))
        total = self._product(layer) + q.decay * q.W(layer)
        chain.to(page.rules.like_matrix(total), "squared norm")
        return chain.equation(9, setting=_DECAYED, is_result=True)
