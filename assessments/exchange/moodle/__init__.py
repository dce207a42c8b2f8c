"""Moodle's XML question format: its question types become ours and ours become its. Knows no other format."""
