"""One file a kind of column: what is learned from the training part, and how rows are written."""
