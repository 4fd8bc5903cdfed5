"""Documents in, HTML for people out: a page for each document, to review it, and an index over all."""

from pipeline.export.review.index import Overview, overview, to_index
from pipeline.export.review.page import Picture, to_page

__all__ = ["Overview", "Picture", "overview", "to_index", "to_page"]
