"""A folder of results in; its review pages made, and a word to the user about them, out."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.console import say
from pipeline.pages import INDEX, write_pages
from pipeline.plan import Job


def make_pages(folder: Path, jobs: Iterable[Job]) -> bool:
    """Whether all pages are there, with their pictures."""
    written = write_pages(folder, jobs)
    for path, error in written.errors:
        say(f"{path}: its page: {error}")
    if written.pages:
        say(f"vanban: {written.pages} review page(s); open {folder / INDEX} in a browser.")
    return not written.errors
