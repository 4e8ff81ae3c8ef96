"""What a listing means: models, reading, matching, store, publishing, and the commands that join them."""

__version__ = "0.1.0"
