"""HTML of other systems becomes Markdown of ours and back. Knows elements and characters, and no question."""
