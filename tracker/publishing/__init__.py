"""Events → what people read: calendar entries, JSON, files on disk."""
