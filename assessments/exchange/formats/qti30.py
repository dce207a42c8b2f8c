"""QTI 3.0."""

from assessments.exchange.formats.qti import Qti


class Qti30(Qti):
    """See Qti."""

    name = "qti30"
    label = "QTI 3.0"
    version = "3"
    element = "qti-assessment-item"
