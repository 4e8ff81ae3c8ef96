"""Tells channels (Discord, e-mail, ntfy…) what is new, moved, called off or closes soon; each item once."""
