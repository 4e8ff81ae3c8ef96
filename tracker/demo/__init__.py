"""The practice web: made-up events on simulated web sites behind a local proxy, in the real wire formats."""
