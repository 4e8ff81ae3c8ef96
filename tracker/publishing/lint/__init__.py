"""What is wrong with a calendar file, also where no program complains: it fails in some of them, silently."""
