"""Pages that are only pictures: rulings and lines of text found in the picture, the lines recognised one by one."""
