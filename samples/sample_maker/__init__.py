"""What `make.py` is made of: figures, forms, sentences and the file they are written to."""
