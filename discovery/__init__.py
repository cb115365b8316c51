"""Finding: what was asked for as a tree, and who and what it finds."""
