"""QTI 1.2, as Canvas, Blackboard and older systems write it: it comes in, and does not go out."""
