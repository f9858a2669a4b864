"""A place in a list of tokens, and what the parts of the parser ask of one another."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Final

from chainrule.errors import ReadError
from chainrule.read.tokens import Token
from chainrule.read.tree import Node, Span

__all__ = ["END", "Cursor"]

_DEEPEST: Final = 40
#: Stands behind the last token.
END: Final = Token("end", "", -1, -1)


@dataclass
class Cursor(ABC):
    """A place in a list of tokens; the grammar on top of it is the parser's.

    Parameters
    ----------
    tokens : list of Token
        All of a formula.
    functions : frozenset of str
        The names that are functions.
    at, depth : int
        How many tokens have been read, and how deeply they are nested.
    open_bars : list of str
        The bars that would close the norms that are open.
    """

    tokens: list[Token]
    functions: frozenset[str]
    at: int = 0
    depth: int = 0
    open_bars: list[str] = field(default_factory=list)

    @property
    def peek(self) -> Token:
        """The next token, which stays."""
        return self.tokens[self.at] if self.at < len(self.tokens) else END

    def next(self) -> Token:
        """Take a token."""
        token = self.peek
        if token is END:
            last = self.tokens[-1].end if self.tokens else 0
            raise ReadError("the formula ends where something should follow", last)
        self.at += 1
        return token

    def take(self, *texts: str) -> bool:
        """Take a token if it is one of these."""
        if self.peek.text in texts and self.peek.kind != "text":
            self.at += 1
            return True
        return False

    def need(self, text: str) -> None:
        """Take a token that must be this one."""
        if not self.take(text):
            found = self.peek.text or "the end"
            place = self.peek.start if self.peek is not END else self.tokens[-1].end
            raise ReadError(f"{found} stands where {text} should", place)

    def span_from(self, start: int) -> Span:
        """Give the place from a token to here."""
        return (self.tokens[start].start, self.tokens[max(start, self.at - 1)].end)

    def enter(self) -> None:
        """Go one level deeper, within bounds."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ReadError("the formula is nested too deeply", self.peek.start)

    @abstractmethod
    def sequence(self) -> Node:
        """Read up to a bracket that closes."""

    @abstractmethod
    def signed_term(self) -> Node:
        """Read a term with its signs."""

    @abstractmethod
    def chain(self) -> Node:
        """Read factors side by side."""

    @abstractmethod
    def factor(self) -> Node:
        """Read one factor with its scripts and arguments."""

    @abstractmethod
    def primary(self) -> Node:
        """Read one thing without scripts."""

    @abstractmethod
    def braced(self) -> Node:
        """Read an argument in braces, or one token."""

    @abstractmethod
    def script(self) -> Node:
        """Read a subscript or a superscript."""

    @abstractmethod
    def scripted(self, base: Node, start: int) -> Node:
        """Read the scripts of something."""

    @abstractmethod
    def starts_factor(self) -> bool:
        """Say whether another factor follows side by side."""
