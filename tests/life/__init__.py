"""A simulated year: sources that evolve day by day, a subscriber who keeps everything, and checks of what is published."""
