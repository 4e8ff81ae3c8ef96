"""The views. Each module defines one as ``VIEW``, which is called with the events of the selection."""
