"""Folders of an archive; and what the package brings: beside it in a checkout, inside it once installed."""

from pathlib import Path

from pipeline.errors import MissingPartError

RAW, CLEAN = Path("corpus/raw"), Path("corpus/clean")
LESSONS = Path("corpus/models/lessons.tsv")
"""What an archive's own reviewers taught, beside its inputs and results."""

_PACKAGE = Path(__file__).parent


def models_folder() -> Path:
    """The folder of trained models; raises MissingPartError where it is not there."""
    folder = _brought("models")
    if folder:
        return folder
    message = f"The trained models are neither in {_PACKAGE} nor beside it."
    raise MissingPartError("models_missing", message, "In a checkout run `make train`; else install vanban again.")


def pins_file() -> Path | None:
    """The packages and versions that vanban is tested with; None where the file is not there."""
    return _brought("requirements.txt")


def _brought(name: str) -> Path | None:
    places = (_PACKAGE / name, _PACKAGE.parent / name)
    return next((place for place in places if place.exists()), None)
