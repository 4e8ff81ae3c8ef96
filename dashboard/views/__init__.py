"""The views. Each file holds one, as ``VIEW``; what was found for the filters is handed to it."""
