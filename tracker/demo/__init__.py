"""The practice web: made-up events on a local stand-in for the internet, in the real wire formats."""
