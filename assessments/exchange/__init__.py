"""Questions come in from other systems and go out to them, with a report of what happened to each.

Start at `conversion`: `read_items`, `write_items` and `convert`. The formats are listed in `formats`. The room is pure:
it is handed bytes and gives bytes, and touches no disk and no network. Nothing is altered in silence: an item comes
in as it was, comes in changed with every change named, or is refused with the reason.
"""
