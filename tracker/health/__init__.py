"""Whether a run is to be believed: findings, expectations, diagnosis and verdict."""
