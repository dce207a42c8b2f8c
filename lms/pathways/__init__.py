"""Pathways: courses in an order for a new task. Knows who has done what, not who is assigned to it."""
