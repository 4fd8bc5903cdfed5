"""Files and folders named by the user in, jobs out: which input goes to which output name."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import InputError, VanbanError
from pipeline.ingest import is_page_folder, unreadable
from pipeline.names import distinct, likeness, portable
from pipeline.review import SUFFIX


@dataclass(frozen=True, slots=True)
class Job:
    """One input; its outputs are `target` with .json and .txt after it. `error`: why it can't even be tried."""

    path: Path
    target: Path
    error: VanbanError | None = None

    @property
    def json(self) -> Path:
        """Where the document goes."""
        return self.target.with_name(self.target.name + ".json")

    @property
    def corrections(self) -> Path:
        """Where what reviewers said of it stands: beside the input, with the name of the results."""
        return self.path.with_name(self.target.name + SUFFIX)

    @property
    def pdf(self) -> Path:
        """Where the searchable PDF goes."""
        return self.target.with_name(self.target.name + ".pdf")

    @property
    def text(self) -> Path:
        """Where the restored text goes."""
        return self.target.with_name(self.target.name + ".txt")


def plan(paths: Iterable[Path], out: Path, pdf: bool = False) -> list[Job]:
    """Jobs for all files named and all files in folders named, hidden ones left out, subfolders kept.

    X.txt goes to X.json and X.txt. Where several inputs share a stem, the first (.txt before others, then by name)
    has it, the others keep their whole name: X.pdf goes to X.pdf.json; so where names differ only in case or in how
    letters are composed. Names are portable, see `names`. NAME.corrections.csv is no input but goes with
    the one whose results are NAME.json; a job with an error where there is none. pdf: whether searchable PDFs are
    written too; a job whose results would be an input, or outside of `out` by a link in it, is one with an error.
    """
    jobs = named((job for path in paths for job in _under(path, out)), pdf)
    real = _real(out)
    outside = {folder for folder in {job.target.parent for job in jobs} if not _real(folder).is_relative_to(real)}
    return [job if job.error or job.target.parent not in outside else replace(job, error=_outside()) for job in jobs]


def _outside() -> InputError:
    message = "Its results would go outside of the folder for results, which holds a link that leads elsewhere."
    return InputError("output_outside", message, "Take the link away, or choose another folder with --out.")


def _real(path: Path) -> Path:
    """Where links lead; `Path.resolve` raises for those that lead in circles."""
    return Path(os.path.realpath(path))


def named(files: Iterable[Job], pdf: bool) -> list[Job]:
    """Jobs whose targets still end with the whole name of the input, as `plan` names and orders them."""
    found: dict[str, Job] = {}
    reviews: dict[str, Job] = {}
    for job in files:
        kind = reviews if job.path.name.endswith(SUFFIX) else found
        kind.setdefault(os.path.abspath(job.path), job)  # noqa: PTH100 (a link is an input of its own)
    inputs = {_real(job.path) for job in found.values()}
    jobs, taken = list[Job](), dict[str, Path]()
    for job in sorted(found.values(), key=_precedence):
        if job.error is None:
            job = _named(job, taken, inputs, pdf)
            taken.setdefault(likeness(job.target), job.path)
        jobs.append(job)
    known = {os.path.abspath(job.corrections) for job in jobs}  # noqa: PTH100
    return jobs + [replace(job, error=_WITHOUT_INPUT) for path, job in sorted(reviews.items()) if path not in known]


_WITHOUT_INPUT = InputError(
    "corrections_without_input",
    "Corrections, but no document beside them that they could be of.",
    "Put the document back, or give the file the document's name.",
)


def _precedence(job: Job) -> tuple[Path, str, bool, Path]:
    return job.target.parent, job.path.stem, job.path.suffix.lower() != ".txt", job.path


def _under(path: Path, out: Path) -> Iterator[Job]:
    if not os.path.isdir(path):  # noqa: PTH112 (which raises for a path that can't be looked up)
        yield Job(path, out / portable(path.name))
        return
    failures, closed = list[OSError](), {_real(path), _real(out)}
    for folder, subfolders, names in os.walk(path, onerror=failures.append, followlinks=True):
        here = Path(folder)
        if here != path and is_page_folder(here):
            yield Job(here, target(here, path, out))
            continue
        subfolders[:] = [name for name in subfolders if _is_open(here / name, closed)]
        for name in names:
            if not name.startswith("."):
                yield Job(here / name, target(here / name, path, out))
    for error in failures:
        yield Job(Path(error.filename), out, unreadable(error))


def target(path: Path, folder: Path, out: Path) -> Path:
    """Where an input goes that was found in `folder`: the same way down, by portable names."""
    return out.joinpath(*map(portable, path.relative_to(folder).parts))


def _is_open(folder: Path, closed: set[Path]) -> bool:
    """Whether to walk a folder: not a hidden one, not the output folder, none twice (links may lead in circles)."""
    place = _real(folder)
    if folder.name.startswith(".") or place in closed:
        return False
    closed.add(place)
    return True


def _named(job: Job, taken: dict[str, Path], inputs: set[Path], pdf: bool) -> Job:
    whole = job.target
    stem = whole.with_name(portable(job.path.stem))
    rivals = [rival for target in (stem, whole) if (rival := taken.get(likeness(target)))]
    same = next((rival for rival in rivals if rival.name == job.path.name), None)
    if same:
        message = f"Its results would overwrite those of {same}."
        return replace(job, error=InputError("output_taken", message, "Rename one, or extract it to another --out."))
    choices = (stem, whole, whole.with_name(distinct(whole.name, job.path.name)))
    job = replace(job, target=next(target for target in choices if likeness(target) not in taken))
    results = [job.json, job.text, *([job.pdf] if pdf else [])]
    overwritten = set(map(_real, results)) & inputs
    if overwritten:
        message = f"Its results would overwrite the input {overwritten.pop()}."
        return replace(job, error=InputError("output_is_input", message, "Choose another folder with --out."))
    return job
