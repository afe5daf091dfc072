"""PDF bytes → pages of cells and lines. Nothing after this package touches a PDF library."""
