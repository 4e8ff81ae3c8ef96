"""Benchmark of the matching of listings: labelled sets and what is measured on them."""
