"""Sources: their files, platforms, hooks and traversal, their saved cases, and the checks of source files."""
