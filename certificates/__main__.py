"""Command line of the library: `python -m certificates verify FILE.pdf|FILE.json [--trust CERT.pem]`.

It prints the verdict as one JSON object. Why something does not hold goes to the error stream. The exit status is 0
where integrity and whole-file coverage hold and trust, if asked for, was found; 1 where not; 2 where a file
cannot be opened.
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from certificates.verification import TrustError, Verdict, verify_json, verify_pdf

HOLDS, DOES_NOT_HOLD, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (by default those of the process) and return its exit status."""
    given = _parser().parse_args(arguments)
    # What pyHanko logs about a damaged file is in the verdict already.
    logging.getLogger("pyhanko").addHandler(logging.NullHandler())
    logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())
    try:
        data = given.file.read_bytes()
        trust = given.trust.read_bytes() if given.trust else None
    except OSError as fault:
        print(f"{fault.filename}: {fault.strerror}", file=sys.stderr)
        return UNUSABLE
    try:
        verdict = _verify(data, trust)
    except TrustError as fault:
        print(f"{given.trust}: {fault}", file=sys.stderr)
        return UNUSABLE
    print(json.dumps(verdict.to_json(), ensure_ascii=False))
    for fault_in_words in verdict.faults:
        print(f"{given.file}: {fault_in_words}", file=sys.stderr)
    return HOLDS if verdict.holds else DOES_NOT_HOLD


def _verify(data: bytes, trust: bytes | None) -> Verdict:
    """Judge by what the file is, not by its name, which whoever sends it chooses."""
    return verify_json(data, trust) if data.lstrip()[:1] == b"{" else verify_pdf(data, trust)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m certificates", description="Verify signed certificates.")
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="tell whether a file is genuine")
    verify.add_argument("file", type=Path, metavar="FILE.pdf|FILE.json")
    verify.add_argument("--trust", type=Path, metavar="CERT.pem", help="certificates of the issuer")
    return parser


if __name__ == "__main__":
    sys.exit(main())
