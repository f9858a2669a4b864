"""Reading: a document to its equations, and these to trees with their places."""
