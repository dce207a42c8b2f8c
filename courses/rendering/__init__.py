"""Authored Markdown becomes safe, accessible HTML, once, when a course is published.

Knows no course and no file system: images, lessons and anchors are looked up through a `Shelf`.
"""
