"""Mutants of right gradient formulas and a judge of them that knows nothing of the grader."""
