"""The care of sources: their files, platforms and hooks, their saved cases, and the checks that hold for all."""
