"""What reading one document may cost, in seconds and memory, before it is given up."""

from dataclasses import dataclass

BASE_SECONDS, PAGE_SECONDS = 300, 60
"""What a document may take unless the user says, and what each of its pages adds."""
PAGE_BYTES = 4000
"""Of text: a page."""
MEGABYTES = 4000


@dataclass(frozen=True, slots=True)
class Guard:
    """seconds: for a document, None for what its pages may take; megabytes: for a process."""

    seconds: int | None = None
    megabytes: int = MEGABYTES

    def allowance(self, pages: int) -> float:
        """Seconds for so many pages."""
        return self.seconds or BASE_SECONDS + PAGE_SECONDS * pages
