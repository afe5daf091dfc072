"""A reader of our own: an interpreter of page content that knows what the eye sees. Objects, xref, decryption and
inflate are pikepdf's.
"""
