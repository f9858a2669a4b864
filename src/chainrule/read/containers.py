r"""Where the mathematics of a document stands: displayed, inline, or alone on a line."""

import re
from dataclasses import dataclass
from typing import Final, final

__all__ = ["Block", "find_blocks"]

_ENVIRONMENTS: Final = (
    "equation|align|aligned|alignat|alignedat|flalign|gather|gathered|multline|eqnarray|"
    "displaymath|split|dmath|subequations|math"
)
_OPENING: Final = re.compile(
    r"(?P<fence>^[ \t>]*(?:```|~~~)[^\n]*\n?)"
    r"|(?P<comment><!--)"
    r"|(?P<code>`+)"
    r"|(?P<escaped>\\[\\$])"
    r"|(?P<dollars>\$\$)"
    r"|(?P<bracket>\\\[)"
    r"|(?P<paren>\\\()"
    rf"|\\begin\{{(?P<environment>(?:{_ENVIRONMENTS})\*?)\}}"
    r"|\\begin\{(?P<verbatim>verbatim|lstlisting|minted|comment)\*?\}"
    r"|(?P<macro>\\(?:(?:re)?newcommand|providecommand|def|DeclareMathOperator)\b)"
    r"|(?P<dollar>\$)"
    r"|(?P<heading>^[ ]{0,3}#{1,6}[ ][^\n]*|\\(?:sub)*section\*?\{|^[^\n]+\n(?:={3,}|-{3,})[ ]*$)",
    re.MULTILINE,
)
_MATH_FENCES: Final = frozenset(["math", "latex", "tex", "katex", "mathjax"])


@final
@dataclass(frozen=True)
class Block:
    """A stretch of mathematics.

    Parameters
    ----------
    start, end : int
        Its content, in offsets into the document.
    displayed : bool
        Whether its equations are graded: displayed, or alone on a line. Inline mathematics is
        read for what it defines.
    section : int
        The number of the heading that it stands under.
    problem : str
        What is wrong with the container itself, or nothing.
    """

    start: int
    end: int
    displayed: bool
    section: int = 0
    problem: str = ""


@final
class _Scanner:
    """One pass over a document; a closing sign that was not found is not looked for again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.section = 0
        self.absent: set[str] = set()
        #: Where fences close whose inside is read as a source of its own.
        self.closings: set[int] = set()

    def find(self, closing: str, at: int, limit: int | None = None) -> int:
        if closing in self.absent:
            return -1
        found = self.text.find(closing, at) if limit is None else self.text.find(closing, at, limit)
        if found < 0 and limit is None:
            self.absent.add(closing)
        return found

    def paragraph_end(self, at: int) -> int:
        found = self.text.find("\n\n", at)
        return len(self.text) if found < 0 else found

    def add(self, start: int, end: int, displayed: bool, problem: str = "") -> None:
        if self.text[start:end].strip():
            self.blocks.append(Block(start, end, displayed, self.section, problem))

    def delimited(self, at: int, closing: str, displayed: bool) -> int:
        """Take what stands up to a closing sign, or to the end of the paragraph."""
        end = self.find(closing, at)
        if end < 0:
            end = self.paragraph_end(at)
            self.add(at, end, displayed, f"the formula is not closed by {closing}")
            return end
        self.add(at, end, displayed)
        return end + len(closing)

    def inline(self, opening: int, at: int) -> int:
        """Take ``$…$`` within a paragraph; a lone dollar is money."""
        limit = min(self.paragraph_end(at), at + 4_000)
        end = self.find("$", at, limit)
        while end > 0 and self.text[end - 1] == "\\":
            end = self.find("$", end + 1, limit)
        if end < 0:
            return at
        self.add(at, end, self.is_alone(opening, end + 1))
        return end + 1

    def is_alone(self, start: int, end: int) -> bool:
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", end)
        after = self.text[end : len(self.text) if line_end < 0 else line_end]
        before = self.text[line_start:start]
        return before.strip(" \t>*-") == "" and after.strip(" \t.,;*") == ""

    def environment(self, name: str, opening: int, at: int) -> int:
        r"""Take an environment whole, its ``\begin`` and ``\end`` with it."""
        closing = f"\\end{{{name}}}"
        end = self.find(closing, at)
        if end < 0:
            end = self.paragraph_end(at)
            self.add(at, end, True, f"the formula is not closed by {closing}")
            return end
        self.add(opening, end + len(closing), True)
        return end + len(closing)

    def fence(self, found: "re.Match[str]") -> int:
        if found.start() in self.closings:
            return found.end()
        mark = found.group().strip(" \t>")[:3]
        language = found.group().strip(" \t>\n")[3:].strip().strip("{}").lower()
        start = found.end()
        closing = re.compile(rf"^[ \t>]*{re.escape(mark)}", re.MULTILINE).search(self.text, start)
        end = len(self.text) if closing is None else closing.start()
        if language in _MATH_FENCES:
            inner = self.text[start:end]
            if re.search(r"\$|\\\[|\\begin\{(equation|align|gather)\*?\}", inner):
                self.closings.add(end)
                return start  # the fence shows a source with containers of its own
            self.add(start, end, True)
        return end if closing is None else closing.end()

    def step(self, found: "re.Match[str]") -> int:
        """Give the offset at which to go on."""
        kind, at = found.lastgroup, found.end()
        if kind == "fence":
            return self.fence(found)
        if kind == "comment":
            end = self.find("-->", at)
            return len(self.text) if end < 0 else end + 3
        if kind == "code":
            end = self.find(found.group(), at, self.paragraph_end(at))
            return at if end < 0 else end + len(found.group())
        if kind == "dollars":
            return self.delimited(at, "$$", displayed=True)
        if kind == "bracket":
            return self.delimited(at, "\\]", displayed=True)
        if kind == "paren":
            return self.delimited(at, "\\)", displayed=False)
        if kind == "environment":
            return self.environment(found.group("environment"), found.start(), at)
        if kind == "verbatim":
            end = self.find(f"\\end{{{found.group('verbatim')}", at)
            return len(self.text) if end < 0 else end
        if kind == "dollar":
            return self.inline(found.start(), at)
        if kind == "macro":
            return _after_macro(self.text, at)
        if kind == "heading":
            self.section += 1
        return at


def _after_macro(text: str, at: int) -> int:
    """Give the offset behind a macro's definition, so that its body is not read as a formula."""
    end = text.find("\n", at)
    line_end = len(text) if end < 0 else end
    depth = 0
    for place in range(at, min(len(text), at + 2_000)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth <= 0 and text[place] == "}" and text[place + 1 : place + 2] not in ("{", "["):
            return place + 1
        if depth < 0 or (depth == 0 and place >= line_end):
            break
    return at


def find_blocks(text: str) -> list[Block]:
    """Find the mathematics of a document, in the order in which it stands there.

    Parameters
    ----------
    text : str
        Markdown or LaTeX, or both.

    Returns
    -------
    list of Block
        Displayed and inline; code, comments and the bodies of macros are passed over.

    Examples
    --------
    >>> text = "With $y = f(z)$: $$E = 1$$"
    >>> [(text[block.start : block.end], block.displayed) for block in find_blocks(text)]
    [('y = f(z)', False), ('E = 1', True)]
    """
    scanner = _Scanner(text)
    at = 0
    while found := _OPENING.search(text, at):
        at = max(scanner.step(found), found.start() + 1)
    return scanner.blocks
