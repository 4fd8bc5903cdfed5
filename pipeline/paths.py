"""Where the trained models are: the package's beside it in a checkout, inside it once installed; an archive's own."""

from pathlib import Path

from pipeline.errors import MissingPartError

LESSONS = Path("corpus/models/lessons.tsv")
"""What an archive's own reviewers taught, beside its inputs and results."""

_PACKAGE = Path(__file__).parent


def models_folder() -> Path:
    """The folder of trained models; raises MissingPartError where it is not there."""
    for folder in (_PACKAGE / "models", _PACKAGE.parent / "models"):
        if folder.is_dir():
            return folder
    message = f"The trained models are neither in {_PACKAGE} nor beside it."
    raise MissingPartError("models_missing", message, "In a checkout run `make train`; else install vanban again.")
