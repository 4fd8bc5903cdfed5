"""A source, its restoration and what reviewers said of it in; the restoration as they left it out."""

from pipeline.review.apply import apply
from pipeline.review.rows import MOST_BYTES, SUFFIX

__all__ = ["MOST_BYTES", "SUFFIX", "apply"]
