"""What several platforms share: reading HTML, JSON and schema.org as they come, into strings."""
