"""Setting a pass mark: a panel rates the questions of an exam in rounds, and its cut is adopted with the evidence.

Above the question bank, whose figures it shows to the panel; knows nothing of single attempts.
"""
