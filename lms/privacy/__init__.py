"""Privacy: what is kept of a person and how long, who looked at it, a copy for its owner, and erasure.

Stands above every feature, since it must know each table that says anything about a person.
"""
