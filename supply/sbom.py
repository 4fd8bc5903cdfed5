"""The packages of vanban in; a bill of materials out, as CycloneDX 1.6 in JSON (ECMA-424)."""

import json
import sys
import uuid
from typing import Any

from pipeline import __version__
from pipeline.checksums import checksums
from pipeline.paths import models_folder
from supply.packages import Package, packages

_US = f"pkg:pypi/vanban@{__version__}"


def bill() -> str:
    """The same for the same pins and models, byte for byte: it has no date, and its number is made of what it lists."""
    used = packages()
    components = [*map(_library, used), *map(_model, sorted(checksums(models_folder()).items()))]
    needed = [_purl(package) for package in used if package.required]
    content: dict[str, Any] = {
        "metadata": {
            "component": {"type": "application", "name": "vanban", "version": __version__, "bom-ref": _US, "purl": _US}
        },
        "components": components,
        "dependencies": [{"ref": _US, "dependsOn": needed}],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1}
    return json.dumps(head | content, indent=2) + "\n"


def _purl(package: Package) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


def _library(package: Package) -> dict[str, Any]:
    """A package has a file a platform, each with its own hash: they are properties, for `hashes` are those of one."""
    return {
        "type": "library",
        "bom-ref": _purl(package),
        "name": package.name,
        "version": package.version,
        "scope": "required" if package.required else "optional",
        "licenses": [{"expression": package.licence}],
        "purl": _purl(package),
        "properties": [{"name": "vanban:file:sha256", "value": digest} for digest in package.hashes],
    }


def _model(model: tuple[str, str]) -> dict[str, Any]:
    name, digest = model
    hashes = [{"alg": "SHA-256", "content": digest}]
    return {"type": "machine-learning-model", "bom-ref": f"models/{name}", "name": name, "hashes": hashes}


if __name__ == "__main__":
    sys.stdout.write(bill())
