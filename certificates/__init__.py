"""Certificates: facts become a signed paper that a stranger can verify.

The library knows serial numbers, the facts of a certificate, the press that turns HTML into a tagged PDF
(reports use it too), keys, signatures and their verification. It may not know the web, a database, the
network or the clock: what it needs is passed in.
"""
