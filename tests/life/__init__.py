"""A simulated year: sources that evolve day by day, a subscriber who keeps everything, and checks of what is published.

``python -m tests.life --seed 1 --schedule every3`` prints a table of broken promises; ``--show KIND`` all of a kind,
with the listings behind each. ``pytest -m long tests/life`` runs three seeds with both schedules.

``cast`` has the outlets, ``calendars``, ``webpages`` and ``records`` write their pages; ``happenings``, ``stories`` and
``upheavals`` are the rules by which the ``world`` evolves. ``fetching`` stands for the crawler's fetcher, and is all that
knows how pages reach it; ``ledger`` remembers what was shown, so that the event behind an entry is told without ids.
"""
