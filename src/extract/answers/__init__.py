"""Answers made of what out/ holds: to a question in SQL, what differs between two of them, which reports are there."""
