"""OCR text of Vietnamese administrative documents in, restored text and structured JSON out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.reader import load

__all__ = ["__version__", "load"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`load` on first use: the command line and the stages start without the reader."""
    if name == "load":
        from pipeline.reader import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
