"""Restoration: a source as an OCR engine read it in, the likeliest printed text with its doubts out."""

from . import compiled  # noqa: F401 (before all that is compiled)
from .engine import Engine, Settings, load_engine
from .lessons import load_lessons
from .restoration import restore

__all__ = ["Engine", "Settings", "load_engine", "load_lessons", "restore"]
