"""An output folder in the browser: upload, progress, the review pages with decisions, downloads. What it does the
command does too; everything it knows stands in the folder.
"""
