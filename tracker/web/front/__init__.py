"""The server on the public port: serves the feeds, and passes on to the dashboard's process within limits."""
