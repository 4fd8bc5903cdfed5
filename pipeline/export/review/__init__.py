"""Documents in, HTML for people out: a page for each document, to review it, and an index over all."""

from pipeline.export.review.index import to_index
from pipeline.export.review.overview import Overview, overview, read_overview
from pipeline.export.review.page import to_page

__all__ = ["Overview", "overview", "read_overview", "to_index", "to_page"]
