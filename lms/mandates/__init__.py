"""The desk of mandatory training: rules and policies with their figures. Pages over `assignments` and `policies`."""
