"""An archive's inputs and results in; a desk to review them at out: documents by name, rows checked and put by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.document import Span
from pipeline.errors import InputError, UsageError
from pipeline.export import schema
from pipeline.plan import Job, plan
from pipeline.reader import Document, read_document
from pipeline.review.log import append, load, said
from pipeline.review.rows import Log, Row, meet
from pipeline.series import Place, series

_AGAIN = "Make the document anew (vanban extract), open it again, and mend it there."


@dataclass
class Desk:
    """`raw`: inputs, beside which their corrections stand; `clean`: their results.

    A document's name is the path of its JSON from `clean`, without .json.
    """

    raw: Path
    clean: Path

    def __post_init__(self) -> None:
        self._read: dict[Path, tuple[int, Document]] = {}

    def jobs(self) -> dict[str, Job]:
        """By name, of all inputs."""
        jobs = plan([self.raw], self.clean)
        return {job.json.relative_to(self.clean).as_posix().removesuffix(".json"): job for job in jobs if not job.error}

    def job(self, name: str) -> Job:
        """Raises UsageError where there is no such input."""
        return self._job(name, self.jobs())

    def _job(self, name: str, jobs: Mapping[str, Job]) -> Job:
        try:
            return jobs[name]
        except KeyError:
            message = f"There is no input in {self.raw} whose results would be called {name}."
            remedy = f"Names are those of the files in {self.clean}, without .json."
            raise UsageError("document_unknown", message, remedy) from None

    def document(self, name: str) -> Document:
        """Its results as they are now. Raises UsageError for the name, InputError for what can't be read."""
        return self._results(name, self.job(name))

    def _results(self, name: str, job: Job) -> Document:
        path = job.json
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            message = f"{name} has no results yet."
            raise InputError("document_missing", message, "Make them: vanban extract.") from None
        if path not in self._read or self._read[path][0] != changed:
            self._read[path] = changed, read_document(path, Document)
        return self._read[path][1]

    def log(self, name: str) -> Log:
        """What was said of a document so far."""
        return load(self.job(name).corrections)

    def save(self, name: str, rows: Sequence[Row]) -> None:
        """Put by rows that fit the document as it is. Raises InputError, and saves none, where one does not."""
        job = self.job(name)
        document = self._results(name, job)
        raw = document.text.raw
        for row in rows:
            if row.sha256 != document.source.sha256 or raw[row.start : row.end] != row.raw:
                message = f"{row.raw[:40]!r} does not stand at {row.start} of {name}."
                raise InputError("correction_stale", message, _AGAIN)
        append(job.corrections, rows)

    def series(self, name: str, start: int, end: int, corrected: str) -> Iterator[Place]:
        """Like places in all documents that have results; what was said since those were made counts as looked at.
        Documents whose corrections can't be read are left out: nothing could be saved there.

        Raises UsageError and InputError for the document `name`.
        """
        jobs = self.jobs()
        self._results(name, self._job(name, jobs))
        looked_at = dict[str, list[Span] | None]()
        for place in series(name, start, end, corrected, self._all_results(jobs)):
            other = place.document
            if other not in looked_at:
                looked_at[other] = _looked_at(jobs[other], place.sha256)
            spans = looked_at[other]
            if spans is not None and not any(meet((place.start, place.end), span) for span in spans):
                yield place

    def _all_results(self, jobs: Mapping[str, Job]) -> Iterator[tuple[str, schema.Document]]:
        for name, job in jobs.items():
            try:
                yield name, self._results(name, job)
            except InputError:
                continue


def _looked_at(job: Job, sha256: str) -> list[Span] | None:
    """Places of a document that somebody said something of; None where that can't be read."""
    try:
        return said(job.corrections, sha256)
    except InputError:
        return None
