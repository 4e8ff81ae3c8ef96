"""The commands, one group per file. They do heavy imports inside their functions, so that ``--help`` is fast."""
