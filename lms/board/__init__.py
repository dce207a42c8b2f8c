"""The desk of reports: the list with each finding, saved views and their e-mails, the board pack.

Knows every report that a reader may have, whatever room makes it; makes none itself. Writes nothing but saved views.
"""
