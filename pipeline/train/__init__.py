"""Training: shared data -> pages read by Tesseract -> aligned pairs -> channel and language model in models/."""
