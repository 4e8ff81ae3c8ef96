"""Other systems that find duplicates, each behind one function: ``cluster``, and ``sweep`` where it has a threshold."""
