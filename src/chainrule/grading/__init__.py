"""Grading: which line of a derivation is wrong, and why."""

from chainrule.grading.entry import LAYOUT_NAMES, grade, read_text
from chainrule.grading.page import to_page
from chainrule.grading.report import Report
from chainrule.grading.terminal import styled_lines

__all__ = ["LAYOUT_NAMES", "Report", "grade", "read_text", "styled_lines", "to_page"]
