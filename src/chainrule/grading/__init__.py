"""Grading: which line of a derivation is wrong, and why."""

from chainrule.grading.entry import grade
from chainrule.grading.report import Report

__all__ = ["Report", "grade"]
