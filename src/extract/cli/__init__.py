"""The command `extract`, and what it tells on a terminal."""
