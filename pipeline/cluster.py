"""Jobs in, readings out: the strategy over the machines of a Ray cluster; any other work over them too, see `spread`.

Ray carries batches of files to the machines and their results back, so they need no common disk; there each document is
read as on one machine, by guarded processes. A batch whose machine is lost is read again by another. Ray's tasks, not
Ray Data: a result each is wanted, written as it comes, and no table of them all.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from pipeline.archive import Strategy
from pipeline.errors import InputError, MissingPartError, StageError, VanbanError
from pipeline.guard import Guard
from pipeline.ingest import Limits, check_bytes, page_images, unreadable
from pipeline.plan import Job
from pipeline.run import Options, Reading
from pipeline.store import HOW_TO_INSTALL
from pipeline.workforce import processes

BATCH = 8
"""Documents that travel together: one process reads them in turn, and is started once."""
AHEAD = 2
"""Batches for each processor that are on their way, so that none waits for the next."""
RETRIES = 3
"""Times that a batch is given to another machine when its own is lost."""

Item = TypeVar("Item")
Packed = TypeVar("Packed")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One input as it travels: name of the file, or of the folder of page images; bytes by name. Of corrections too."""

    name: str
    target: str
    files: dict[str, bytes]
    folder: bool

    def unpack(self, place: Path) -> Job:
        """Write the files into an empty folder."""
        path = place / self.name
        (path if self.folder else place).mkdir(parents=True)
        for name, data in self.files.items():
            (place / name).write_bytes(data)
        return Job(path, place / self.target)


def pack(job: Job, limits: Limits) -> Parcel:
    """An input and the corrections beside it. Raises InputError where it can't be read, or has too many bytes."""
    try:
        folder = job.path.is_dir()
        paths = page_images(job.path) if folder else [job.path]
        check_bytes(job.path, sum(path.stat().st_size for path in paths), limits)
        paths += [job.corrections] if job.corrections.exists() else []
        files = {str(path.relative_to(job.path.parent)): path.read_bytes() for path in paths}
    except OSError as error:
        raise unreadable(error) from error
    return Parcel(job.path.name, job.target.name, files, folder)


def cluster(count: int, guard: Guard) -> Strategy:
    """The strategy over the machines of `spread`, which get the bytes of the inputs."""

    def strategy(jobs: Iterable[Job], options: Options) -> Iterator[tuple[Job, Reading]]:
        work = partial(read_parcels, options=replace(options, readings=None), guard=guard)
        for job, ended in spread(jobs, partial(pack, limits=options.limits), work, count):
            yield job, Reading(errors=(ended,)) if isinstance(ended, VanbanError) else ended

    return strategy


def spread(
    items: Iterable[Item], pack: Callable[[Item], Packed], work: Callable[[list[Packed]], list[Result]], count: int
) -> Iterator[tuple[Item, Result | VanbanError]]:
    """Each item with its result, as they come: packed here (or InputError), worked on in batches by the machines of the
    cluster that RAY_ADDRESS names; without it by `count` processors of this machine.

    Raises MissingPartError where Ray is not installed, or the cluster is not to be reached.
    """
    waiting = iter(items)
    first = list(islice(waiting, 1))
    if not first:
        return
    ray = _joined(count)
    task = ray.remote(num_cpus=1, max_retries=RETRIES)(_call)
    most = AHEAD * max(1, int(ray.cluster_resources().get("CPU", count)))
    under_way = dict[Any, list[Item]]()
    waiting = chain(first, waiting)
    try:
        while True:
            while len(under_way) < most and (batch := list(islice(waiting, BATCH))):
                sound, parcels = list[Item](), list[Packed]()
                for item in batch:
                    try:
                        parcels.append(pack(item))
                        sound.append(item)
                    except InputError as error:
                        yield item, error
                if sound:
                    under_way[task.remote(work, parcels)] = sound
            if not under_way:
                return
            (done, *_), _rest = ray.wait(list(under_way))
            yield from _arrived(ray, done, under_way.pop(done))
    finally:
        for one in under_way:
            ray.cancel(one, force=True)


def _call(work: Callable[[list[Packed]], list[Result]], parcels: list[Packed]) -> list[Result]:
    return work(parcels)


def read_parcels(parcels: list[Parcel], options: Options, guard: Guard) -> list[Reading]:
    """What a machine of the cluster does: read the parcels, a reading each, in their order."""
    with tempfile.TemporaryDirectory(prefix="vanban-") as folder:
        jobs = [parcel.unpack(Path(folder, str(number))) for number, parcel in enumerate(parcels)]
        found = {job.path: reading for job, reading in processes(1, guard)(jobs, options)}
        return [found[job.path] for job in jobs]


def _arrived(ray: Any, done: Any, items: list[Item]) -> Iterator[tuple[Item, Any]]:
    try:
        results = ray.get(done)
    except ray.exceptions.RayError as error:
        message = f"The machines that read it were lost, or could not: {type(error).__name__}."
        lost = StageError("cluster_failed", message, "Look at the cluster (ray status), then run the command again.")
        results = [lost] * len(items)
    yield from zip(items, results, strict=True)


def _joined(count: int) -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is told to anyone
    try:
        ray: Any = import_module("ray")
    except ImportError as error:
        raise MissingPartError("ray_missing", "Ray is not installed.", HOW_TO_INSTALL) from error
    if not ray.is_initialized():
        own = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": count, "include_dashboard": False}
        try:
            ray.init(log_to_driver=False, logging_level="ERROR", **own)
        except (ConnectionError, RuntimeError, ValueError) as error:
            message = f"The cluster can't be reached: {type(error).__name__}."
            raise MissingPartError("cluster_missing", message, "See that RAY_ADDRESS names it and it runs.") from error
    return ray
