"""What training did: a course beside a quality measure on a control chart, and what its learners say of it.

Builds reports on the frozen value of `lms.reports`, with pages and files of their own.
"""
