"""OCR text of Vietnamese administrative documents in, restored text and structured JSON out."""

__version__ = "0.1.0"
