"""Markdown becomes a course: model, reader, renderer, author's lint, digest and publishing.

Knows nothing of the web, the database or the clock, and imports only `assessments`.
"""
