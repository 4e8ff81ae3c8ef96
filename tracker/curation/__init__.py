"""Decisions of people about events: the review queue, rulings and their file, and suggestions of visitors."""
