"""Lines of a document → the figures and terms that its prose states."""
