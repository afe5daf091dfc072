"""Pages for people: what to look at when a check fails. One for each document, with pictures of its pages, and an
overview of the run.

A page is one file, without network or server. Texts are there in both languages, and the page shows one.
"""
