"""Policies that staff read and attest: published editions, who attested which, and the reader's pages."""
