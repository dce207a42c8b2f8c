"""GIFT, the text format of questions with answers in braces. Knows no other format."""
