"""How to knock at other people's servers: whose they are, how often, and how long to stay away when asked to."""
