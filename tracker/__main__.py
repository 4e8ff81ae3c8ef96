"""Lets ``python -m tracker`` do what the ``tracker`` command does."""

from tracker.cli.main import run

if __name__ == "__main__":
    run()
