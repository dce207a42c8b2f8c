"""Evaluations of courses: what learners are asked at the end and weeks later, and what they said, without names."""
