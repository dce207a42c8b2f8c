"""Benchmarks of the running application, beside a bare page under the same server in the same run.

Not tests: they hold no limit and prove nothing on a busy machine. `make bench` prints a table of
requests per second and CPU milliseconds per request (server and database together) with the ratio to
the bare page; quote the ratios.
"""
