"""Says how well an event fits what somebody can and wants, with reasons; what is not known counts as not known."""
