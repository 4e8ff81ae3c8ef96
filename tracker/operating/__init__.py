"""What an operator asks of an installation: is all well with it?"""
