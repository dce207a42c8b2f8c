"""The exam desk: marking texts, answering objections, regrading, resetting, extra time. Pages over `quizzes`."""
