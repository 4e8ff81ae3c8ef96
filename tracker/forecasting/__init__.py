"""Says when the next round of a yearly series is to be expected, as an interval with the history that it rests on."""
