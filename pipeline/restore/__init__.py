"""Restoration: a source as an OCR engine read it in, the likeliest printed text with its doubts out."""

from .engine import Engine, Settings, load_engine
from .restoration import restore

__all__ = ["Engine", "Settings", "load_engine", "restore"]
