#!/usr/bin/env bash
# Make .venv with exactly the locked packages. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null; then
  echo "Python 3.11 or 3.12 is needed; PYTHON=/path/to/python3.11 make … chooses one." >&2
  exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
  else
    echo "Python's venv module is missing. Ask an administrator for: apt-get install python3-venv" >&2
    exit 1
  fi
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install -q --disable-pip-version-check "uv==$(grep -oP '^uv==\K\S+' scripts/tools.txt)"
.venv/bin/uv pip sync -q --python .venv/bin/python requirements.lock scripts/tools.txt
touch .venv/ready
