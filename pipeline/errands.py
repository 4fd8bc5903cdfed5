"""URLs in, results at URLs and an outcome for each document out: each machine fetches, reads and puts back its own.

The one that runs the command lists what there is and says who does what; no document passes through it.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.archive import Outcome, outcome, results
from pipeline.cluster import spread
from pipeline.errors import InputError, OutputError, UsageError, VanbanError
from pipeline.export import read_earlier
from pipeline.guard import Guard
from pipeline.ingest import IMAGE_KINDS, check_bytes, sha256, unreadable
from pipeline.plan import Job, named, target
from pipeline.run import Options
from pipeline.store import Store, locate
from pipeline.workforce import processes


@dataclass(frozen=True, slots=True)
class Errand:
    """A document of a store. job: its paths are names in the stores; files: what it is read from, bytes by name."""

    job: Job
    files: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """What all errands of a run have in common. model: version of the one that results have to be made with."""

    source: Store
    target: Store
    options: Options
    guard: Guard
    model: str
    force: bool = False


def plan_errands(urls: Iterable[str], out: str, pdf: bool = False) -> tuple[list[Errand], Store, Store]:
    """Errands for all files named and all files in folders named, by the rules of `plan`; where from, and where to.

    Raises UsageError for inputs in more than one store, and what `locate` and `Store.files` raise.
    """
    goal, out_name = locate(out)
    places = [locate(url) for url in urls]
    source = places[0][0]
    if any(store != source for store, _ in places):
        raise UsageError("stores_mixed", "The inputs are in different stores.", "Run the command once for each store.")
    closed = Path(out_name) if goal == source else None
    found = [errand for _, name in places for errand in _under(source, name, Path(out_name), closed)]
    files = {errand.job.path: errand.files for errand in found}
    jobs = named((errand.job for errand in found), pdf)
    return [Errand(job, files[job.path]) for job in jobs], source, goal


def _under(store: Store, name: str, out: Path, closed: Path | None) -> Iterator[Errand]:
    root, files = Path(name), store.files(name)
    if not files:
        missing = InputError("input_missing", "There is nothing there.", "Check the address.")
        yield Errand(Job(root, out, missing))
    folders = defaultdict[Path, dict[str, int]](dict)
    for key, size in files.items():
        path = Path(key)
        if path.as_posix() != key or ".." in path.parts or not path.is_relative_to(root):
            yield Errand(Job(path, out, _UNUSABLE))
        elif path == root:
            yield Errand(Job(path, target(path, path.parent, out)), {key: size})
        elif not (closed and path.is_relative_to(closed)) and not _hidden(path, root):
            folders[path.parent][key] = size
    inner = {above for folder in folders for above in folder.parents}
    for folder, inside in folders.items():
        if folder != root and folder not in inner and all(Path(key).suffix.lower() in IMAGE_KINDS for key in inside):
            yield Errand(Job(folder, target(folder, root, out)), inside)
        else:
            for key, size in inside.items():
                yield Errand(Job(Path(key), target(Path(key), root, out)), {key: size})


_UNUSABLE = InputError("input_name", "Its name is no way down from there, part by part.", "Give it another name.")


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def run_errands(errands: Iterable[Errand], terms: Terms, count: int) -> Iterator[Outcome]:
    """Carry them out over the cluster, an outcome each as they end; see `cluster.cluster` for what is raised."""
    work = partial(do_errands, terms=terms)
    for errand, ended in spread(errands, partial(admit, options=terms.options), work, count):
        yield Outcome(errand.job, "failed", errors=(ended,)) if isinstance(ended, VanbanError) else ended


def admit(errand: Errand, options: Options) -> Errand:
    """Raises InputError where it can't be done, or has too many bytes to be fetched."""
    if errand.job.error:
        raise errand.job.error
    check_bytes(errand.job.path, sum(errand.files.values()), options.limits)
    return errand


def do_errands(errands: list[Errand], terms: Terms) -> list[Outcome]:
    """What a machine of the cluster does: fetch, read and put back documents; an outcome each, in their order."""
    ended, under_way = dict[Path, Outcome](), dict[Path, Job]()

    def due(folder: Path) -> Iterator[Job]:
        for number, errand in enumerate(errands):
            try:
                here = _fetched(errand, terms.source, folder / str(number))
                if not terms.force and _is_current(errand.job, here, terms):
                    ended[errand.job.path] = Outcome(errand.job, "skipped")
                    continue
            except InputError as error:
                ended[errand.job.path] = Outcome(errand.job, "failed", errors=(error,))
                continue
            under_way[here.path] = errand.job
            yield here

    with tempfile.TemporaryDirectory(prefix="vanban-") as folder:
        for here, reading in processes(1, terms.guard)(due(Path(folder)), terms.options):
            job = under_way[here.path]
            ended[job.path] = outcome(job, reading)
            try:
                terms.target.put(results(job, reading))
            except OutputError as error:
                ended[job.path] = replace(ended[job.path], state="failed", errors=(*reading.errors, error))
    return [ended[errand.job.path] for errand in errands]


def _fetched(errand: Errand, store: Store, place: Path) -> Job:
    """The document, and the corrections beside it, in an empty folder."""
    job = errand.job
    here = Job(place / job.path.name, place / job.target.name)
    folder = job.path.as_posix() not in errand.files
    try:
        (here.path if folder else place).mkdir(parents=True)
    except OSError as error:
        raise unreadable(error) from error
    for name in errand.files:
        store.fetch(name, here.path / Path(name).name if folder else here.path)
    if store.holds(job.corrections):
        store.fetch(job.corrections.as_posix(), here.corrections)
    return here


def _is_current(job: Job, here: Job, terms: Terms) -> bool:
    """As on one machine without a manifest: by what the JSON itself says it was made from."""
    if not all(map(terms.target.holds, (job.json, job.text))):
        return False
    copy = here.path.parent / ".earlier"
    terms.target.fetch(job.json.as_posix(), copy)
    earlier = read_earlier(copy)
    if earlier is None or not earlier.is_current(sha256(here.path), terms.model, sha256(here.corrections)):
        return False
    return not (terms.options.pdf and earlier.scans) or terms.target.holds(job.pdf)
