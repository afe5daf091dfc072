"""Many documents: which ones, read by whom, within which limits, and written together."""
