"""Reports → the datasets in out/, and back."""
