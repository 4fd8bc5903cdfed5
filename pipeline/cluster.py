"""Jobs in, readings out: the strategy over the machines of a Ray cluster.

Ray carries batches of files to the machines and their results back, so they need no common disk; there each document is
read as on one machine, by guarded processes. A batch whose machine is lost is read again by another. Ray's tasks, not
Ray Data: a result each is wanted, written as it comes, and no table of them all.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pipeline.archive import Strategy
from pipeline.errors import InputError, MissingPartError, StageError
from pipeline.ingest import page_images, unreadable
from pipeline.plan import Job
from pipeline.run import Options, Reading
from pipeline.workforce import Guard, processes

BATCH = 8
"""Documents that travel together: one process reads them in turn, and is started once."""
AHEAD = 2
"""Batches for each processor that are on their way, so that none waits for the next."""
RETRIES = 3
"""Times that a batch is given to another machine when its own is lost."""


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


def pack(job: Job) -> Parcel:
    """An input and the corrections beside it. Raises InputError where it can't be read."""
    try:
        folder = job.path.is_dir()
        paths = page_images(job.path) if folder else [job.path]
        paths += [job.corrections] if job.corrections.exists() else []
        files = {str(path.relative_to(job.path.parent)): path.read_bytes() for path in paths}
    except OSError as error:
        raise unreadable(error) from error
    return Parcel(job.path.name, job.target.name, files, folder)


def cluster(count: int, guard: Guard) -> Strategy:
    """The strategy over the cluster that RAY_ADDRESS names; without it over one of `count` processors on this machine.

    Raises MissingPartError where Ray is not installed, or the cluster is not to be reached.
    """

    def strategy(jobs: Iterable[Job], options: Options) -> Iterator[tuple[Job, Reading]]:
        waiting = iter(jobs)
        first = list(islice(waiting, 1))
        if not first:
            return
        ray = _joined(count)
        task = ray.remote(num_cpus=1, max_retries=RETRIES)(read_parcels)
        most = AHEAD * max(1, int(ray.cluster_resources().get("CPU", count)))
        under_way = dict[Any, list[Job]]()
        waiting = chain(first, waiting)
        try:
            while True:
                while len(under_way) < most and (batch := list(islice(waiting, BATCH))):
                    sound, parcels = list[Job](), list[Parcel]()
                    for job in batch:
                        try:
                            parcels.append(pack(job))
                            sound.append(job)
                        except InputError as error:
                            yield job, Reading(errors=(error,))
                    if sound:
                        under_way[task.remote(parcels, replace(options, readings=None), guard)] = sound
                if not under_way:
                    return
                (done, *_), _rest = ray.wait(list(under_way))
                yield from _arrived(ray, done, under_way.pop(done))
        finally:
            for one in under_way:
                ray.cancel(one, force=True)

    return strategy


def read_parcels(parcels: list[Parcel], options: Options, guard: Guard) -> list[Reading]:
    """What a machine of the cluster does: read the parcels, a reading each, in their order."""
    with tempfile.TemporaryDirectory(prefix="vanban-") as folder:
        jobs = [parcel.unpack(Path(folder, str(number))) for number, parcel in enumerate(parcels)]
        found = {job.path: reading for job, reading in processes(1, guard)(jobs, options)}
        return [found[job.path] for job in jobs]


def _arrived(ray: Any, done: Any, jobs: list[Job]) -> Iterator[tuple[Job, Reading]]:
    try:
        readings = ray.get(done)
    except ray.exceptions.RayError as error:
        message = f"The machines that read it were lost, or could not: {type(error).__name__}."
        lost = StageError("cluster_failed", message, "Look at the cluster (ray status), then run the command again.")
        readings = [Reading(errors=(lost,))] * len(jobs)
    yield from zip(jobs, readings, strict=True)


def _joined(count: int) -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is told to anyone
    try:
        ray: Any = import_module("ray")
    except ImportError as error:
        remedy = "Install it: pip install 'vanban[cluster]', or in a checkout pip install -r requirements-cluster.txt."
        raise MissingPartError("ray_missing", "Ray is not installed.", remedy) from error
    if not ray.is_initialized():
        own = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": count, "include_dashboard": False}
        try:
            ray.init(log_to_driver=False, logging_level="ERROR", **own)
        except (ConnectionError, RuntimeError, ValueError) as error:
            message = f"The cluster can't be reached: {type(error).__name__}."
            raise MissingPartError("cluster_missing", message, "See that RAY_ADDRESS names it and it runs.") from error
    return ray
