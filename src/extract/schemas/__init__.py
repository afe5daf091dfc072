"""What is known about disclosures: the grammar of the files in schemas/, and the reading of them."""
