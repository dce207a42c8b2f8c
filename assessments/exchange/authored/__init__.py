"""Our own item source: a bank is written back as Markdown that reads as the same bank. Knows no other format."""
