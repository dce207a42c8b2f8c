"""QTI 2.1, 2.2 and 3.0: items and packages become ours and ours become theirs. Knows no other format.

The versions differ in names alone, so one reader and one writer serve all: `names` makes them one.
"""
