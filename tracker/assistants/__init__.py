"""Answers assistants by the Model Context Protocol, read-only: each answer says who says so and when it was seen."""
