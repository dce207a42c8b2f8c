"""The Flask application: people, storage, pages, reports and the HTTP API.

Feature folders stand in layers, and imports point downward only; the order is held by a
contract (`.importlinter`) and told in docs/decisions/0001-house.md.
"""
