"""Politeness towards other people's servers: rate limits, robots.txt, ``Retry-After``, and whose server it is."""
