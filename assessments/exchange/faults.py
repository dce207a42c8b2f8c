"""What goes wrong between formats: a whole file that cannot be read, or one question that cannot be carried over."""


class ExchangeError(ValueError):
    """The file cannot be read or written at all; the message says what was expected."""


class Refusal(Exception):
    """One question cannot be carried over; the message is the reason, in words for its author."""
