"""A learner's home and record: what to do next, what is due, where they stand. Reads only."""
