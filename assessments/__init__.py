"""Questions, papers, scores and mastery: what an assessment is, apart from any place that shows one.

The room is pure. It knows nothing of the web, a database or the clock, and draws no chance without a seed, so
that a result can be rebuilt from what was stored. It imports no other room.

Start at `reading.read_bank` (Markdown becomes items), `registry` (what can be done with an item), `papers` (which
items are asked), `marking` (what a paper earns) and `mastery` (what evidence says about a person).
"""
