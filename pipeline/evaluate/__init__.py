"""Evaluation: shared gold and held-out pages in, one table of figures out."""
