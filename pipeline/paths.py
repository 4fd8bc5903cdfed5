"""Where the package keeps its trained models: beside it in a checkout, inside it once installed."""

from pathlib import Path

from pipeline.errors import MissingPartError

_PACKAGE = Path(__file__).parent


def models_folder() -> Path:
    """The folder of trained models; raises MissingPartError where it is not there."""
    for folder in (_PACKAGE / "models", _PACKAGE.parent / "models"):
        if folder.is_dir():
            return folder
    message = f"The trained models are neither in {_PACKAGE} nor beside it."
    raise MissingPartError("models_missing", message, "In a checkout run `make train`; else install vanban again.")
