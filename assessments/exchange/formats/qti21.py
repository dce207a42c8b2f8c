"""QTI 2.1 and 2.2."""

from assessments.exchange.formats.qti import Qti


class Qti21(Qti):
    """See Qti; 2.2 is read alike, and 2.1 is written."""

    name = "qti21"
    label = "QTI 2.1 and 2.2"
    version = "2"
    element = "assessmentItem"
