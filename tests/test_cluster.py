"""Over a Ray cluster: the bytes of a local run, also where a machine is lost midway."""

import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.archive import Outcome, extract
from pipeline.cluster import cluster, pack
from pipeline.errors import InputError
from pipeline.guard import Guard
from pipeline.ingest import Limits
from pipeline.plan import Job, plan
from pipeline.workforce import processes
from tests.fuzz.samples import TEXT

GUARD = Guard()


def test_a_parcel_is_the_input_again(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "scan").mkdir(parents=True)
    (raw / "scan" / "1.png").write_bytes(b"page")
    (raw / "scan.corrections.csv").write_bytes(b"rows")
    job = Job(raw / "scan", tmp_path / "out" / "scan")
    unpacked = pack(job, Limits()).unpack(tmp_path / "there")
    assert (unpacked.path / "1.png").read_bytes() == b"page"
    assert unpacked.path.name == "scan"
    assert unpacked.corrections.read_bytes() == b"rows"


def test_an_input_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        pack(Job(tmp_path / "gone.txt", tmp_path / "gone"), Limits())


@pytest.mark.parametrize("name", ["large.txt", "pages/1.png"])
def test_an_input_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"12345")
    monkeypatch.delattr(Path, "read_bytes")
    with pytest.raises(InputError, match="input_too_large"):
        pack(Job(file if file.parent == tmp_path else file.parent, tmp_path / "out"), Limits(bytes=4))


@pytest.mark.skipif(sys.platform == "win32", reason="Ray's test cluster is for Linux and macOS")
@pytest.mark.filterwarnings("ignore")
def test_two_machines_one_of_which_is_killed_give_the_bytes_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray: Any = pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-cluster.txt")
    test_cluster: Any = pytest.importorskip("ray.cluster_utils")

    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(24):
        (raw / f"{number:02}.txt").write_text(TEXT.replace("12/QĐ", f"{number}/QĐ"), encoding="utf-8")
    here, there = tmp_path / "here", tmp_path / "there"
    assert all(outcome.state == "done" for outcome in extract(plan([raw], here), here, strategy=processes(2, GUARD)))

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    machines = test_cluster.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        lost = machines.add_node(num_cpus=1)
        ray.init(address=machines.address, log_to_driver=False, logging_level="ERROR")
        outcomes = list[Outcome]()
        for outcome in extract(plan([raw], there), there, strategy=cluster(2, GUARD)):
            if not outcomes:
                machines.remove_node(lost, allow_graceful=False)
            outcomes.append(outcome)
    finally:
        ray.shutdown()
        machines.shutdown()
    assert sorted(outcome.job.path.name for outcome in outcomes) == [f"{number:02}.txt" for number in range(24)]
    assert {outcome.state for outcome in outcomes} == {"done"}
    assert results(there) == results(here)


def results(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".json", ".txt")}
