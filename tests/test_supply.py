"""What is installed with vanban: hashes and licences of every pin, the bill of materials, known flaws."""

import importlib.metadata
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from pipeline.pins import pins
from supply import audit
from supply.packages import CLUSTER, HASHED, REQUIRED, hashes, incompatible, licences, packages
from supply.sbom import bill
from tests.conftest import REPOSITORY


def test_every_pin_has_hashes_of_its_files() -> None:
    """After a change of requirements.txt: `make lock`."""
    assert {canonicalize_name(name): version for name, version in pins(HASHED).items()} == {
        canonicalize_name(name): version for name, version in pins(REQUIRED).items()
    }
    assert all(hashes(HASHED)[canonicalize_name(name)] for name in pins(REQUIRED))


@pytest.mark.parametrize("path", sorted(REPOSITORY.glob("requirements*.txt")), ids=lambda path: path.name)
def test_requirements_name_no_address(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    assert re.findall(r"^-(?!r )", text, re.MULTILINE) == []


def test_every_package_has_a_licence_that_is_compatible() -> None:
    """After a change of the pins: add the new package to supply/licences.csv, with its SPDX expression."""
    assert licences().keys() == {canonicalize_name(name) for name in pins(CLUSTER)}
    assert [package for package in packages() if incompatible(package.licence)] == []


@pytest.mark.parametrize("name", sorted(licences()))
def test_licences_are_those_that_packages_declare(name: str) -> None:
    try:
        declared = importlib.metadata.metadata(name).get_all("License-Expression")
    except importlib.metadata.PackageNotFoundError:
        return
    assert declared in (None, [licences()[name]])


@pytest.mark.parametrize(
    ("expression", "left"),
    [
        ("MIT", set()),
        ("GPL-3.0-only", {"GPL-3.0-only"}),
        ("MIT AND GPL-2.0-only", {"GPL-2.0-only"}),
        ("GPL-2.0-only OR MIT", set()),
        ("Apache-2.0 WITH LLVM-exception", set()),
        ("", set()),
    ],
)
def test_incompatible_licences_are_found(expression: str, left: set[str]) -> None:
    assert incompatible(expression) == left


def test_the_bill_lists_all_packages_and_models_and_is_the_same_each_time() -> None:
    found = json.loads(bill())
    assert bill() == bill()
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", found["serialNumber"])
    parts = found["components"]
    assert {part["name"] for part in parts if part["type"] == "library"} == {package.name for package in packages()}
    references = [part["bom-ref"] for part in parts]
    assert len(references) == len(set(references))
    assert set(found["dependencies"][0]["dependsOn"]) <= set(references)
    required = [part for part in parts if part.get("scope") == "required"]
    assert len(required) == len(pins(REQUIRED))
    assert all(part["properties"] for part in required)
    assert "context.npz" in {part["name"] for part in parts if part["type"] == "machine-learning-model"}


def advisory(name: str = "Some.Package", **affected: object) -> dict[str, object]:
    package = {"ecosystem": "PyPI", "name": name}
    return {"id": "A-1", "summary": "Bad.", "affected": [{"package": package} | affected]}


def events(*pairs: tuple[str, str]) -> list[dict[str, object]]:
    return [{"type": "ECOSYSTEM", "events": [{kind: version} for kind, version in pairs]}]


@pytest.mark.parametrize(
    ("record", "known"),
    [
        (advisory(versions=["1.9", "1.10"]), True),
        (advisory(versions=["1.9"]), False),
        (advisory("other", versions=["1.10"]), False),
        (advisory(ranges=events(("introduced", "0"), ("fixed", "1.10"))), False),
        (advisory(ranges=events(("introduced", "0"), ("fixed", "1.11"))), True),
        (advisory(ranges=events(("introduced", "0"), ("last_affected", "1.10"))), True),
        (advisory(ranges=events(("introduced", "0"), ("last_affected", "1.9"))), False),
        (advisory(ranges=events(("introduced", "0"), ("fixed", "1.2"), ("introduced", "1.9"))), True),
        (advisory(ranges=events(("introduced", "2.0"))), False),
        (advisory(versions=["1.10"]) | {"withdrawn": "2024-01-01T00:00:00Z"}, False),
    ],
)
def test_flaws_are_found_by_name_and_version(record: dict[str, object], known: bool) -> None:
    assert list(audit.flaws([record], {"some-package": "1.10"})) == ["some-package 1.10: A-1 Bad."] * known


def test_the_audit_reads_a_zip_of_advisories(tmp_path: Path) -> None:
    def audited(record: dict[str, object]) -> subprocess.CompletedProcess[str]:
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            archive.writestr("A-1.json", json.dumps(record))
        command = [sys.executable, "-m", "supply.audit", str(tmp_path / "all.zip")]
        return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)

    clean = audited(advisory())
    assert (clean.returncode, clean.stdout) == (0, f"No known flaw in {len(packages())} packages.\n")
    numpy = pins(REQUIRED)["numpy"]
    flawed = audited(advisory("numpy", versions=[numpy]))
    assert (flawed.returncode, flawed.stdout) == (1, f"numpy {numpy}: A-1 Bad.\n")
