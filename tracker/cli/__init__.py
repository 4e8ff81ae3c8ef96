"""The commands, one group per file. Heavy imports stay inside them, so that ``tracker --help`` is quick."""
