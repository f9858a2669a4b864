"""A derivation as LaTeX, Markdown, HTML, plain text and a dictionary, one file each."""
