"""Aiken, the plainest format: a question, lettered options and one right letter. Knows no other format."""
