"""Testing out: an adaptive test shows who knows a course already. Above the bank, whose figures it uses."""
