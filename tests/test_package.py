"""The wheel: installed into an empty environment it works from another folder, models and data on board."""

import json
import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
SAMPLE = REPOSITORY / "corpus" / "raw" / "108-nq-cp-2019.ocr.txt"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; the packages that it needs are borrowed from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("package")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheels = folder / "wheels"
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(REPOSITORY)]
    subprocess.run([*pip, *build], check=True, timeout=240)
    environment = folder / "environment"
    venv.create(environment)
    (wheel,) = wheels.iterdir()
    install = ["--python", str(environment), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([*pip, *install], check=True, timeout=240)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()))
    return environment


def test_the_sample_is_extracted_from_another_folder(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "bin" / "vanban"), "extract", str(SAMPLE), "--out", "clean"]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr.decode()
    document = json.loads((tmp_path / "clean" / "108-nq-cp-2019.ocr.json").read_bytes())
    assert document["status"] == "ok"
    assert document["tasks"]
    assert any(agency["agency_id"] for task in document["tasks"] for agency in task["lead"])


def test_doctor_finds_models_and_pins_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "bin" / "vanban"), "doctor", "--format", "json"]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, timeout=60, check=False)
    states = {(check["name"], check["state"]) for check in json.loads(done.stdout)["checks"]}
    assert {("packages", "ok"), ("models", "ok"), ("results", "ok")} <= states


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("first", "second"):
        command = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path / name)]
        environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
        subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, timeout=240, check=True)
        made.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert len(made[0]) == 2
    assert made[0] == made[1]


def test_code_and_models_come_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    program = "import pipeline.paths as p; print(p.__file__, p.models_folder(), sep='\\n')"
    command = [str(installed / "bin" / "python"), "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60, check=True)
    assert all(Path(line).is_relative_to(installed) for line in done.stdout.split("\n") if line)
    models = {path.name for path in Path(done.stdout.split("\n")[1]).iterdir()}
    assert models == {path.name for path in (REPOSITORY / "models").iterdir()}
