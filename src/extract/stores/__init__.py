"""Files, folders and output folders that a URL names."""
