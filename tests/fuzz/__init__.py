"""Damaged inputs: made from sound ones, put through parsers and through the program."""
