"""A sample teaching hospital, the same for the same number of staff and seed.

Everything in it is plainly invented: names are samples, addresses end in example.org. It is
written in bulk, so that ten thousand people with two years of history load in under two minutes.
"""
