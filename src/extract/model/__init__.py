"""The nouns of the program: what a page holds (`page`) and what a document says (`report`)."""
