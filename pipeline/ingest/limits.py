"""What one input may take, in bytes, pages and pixels; past it, it is refused."""

from dataclasses import dataclass

from pipeline.errors import InputError

MAX_BYTES = 10_000_000
"""Larger texts are refused unless the user raises the limit: 10 MB is some 4000 pages, and minutes of work."""
MAX_PAGED_BYTES = 1_000_000_000
"""The same for PDFs and images, which are read page by page."""
MAX_PAGES = 10_000
TOO_MANY_PAGES = "input_too_many_pages"
MAX_PIXELS = 80_000_000
"""Of one page: A3 at 600 dpi. Larger ones would not fit into the memory of a small machine."""


@dataclass(frozen=True, slots=True)
class Limits:
    """bytes: of an input, None for what is usual for its kind; pages: of an input; pixels: of a page."""

    bytes: int | None = None
    pages: int = MAX_PAGES
    pixels: int = MAX_PIXELS

    def check_pages(self, count: int) -> None:
        """Raises InputError for too many."""
        if count > self.pages:
            message = f"It has {count} pages, more than {self.pages}."
            raise InputError(TOO_MANY_PAGES, message, "Split it, or raise the limit with --max-pages N.")


USUAL = Limits()
