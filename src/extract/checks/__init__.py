"""What numbers owe each other, and what that says about a document."""
