"""The digest that names a published version: equal contents, equal digest, whoever's editor saved them."""

import hashlib
from collections.abc import Mapping

from courses.folder import arrange


def course_digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256, in hex, over every file that belongs to the course, in the order of their paths.

    Text counts without a byte order mark and with `\\n` line ends, so that a checkout on another system keeps the
    digest; files that are not part of a course do not count.
    """
    layout, _ = arrange(files, "")
    whole = hashlib.sha256(b"course 1\n")
    for path in layout.paths:
        data = files[path]
        if path.endswith((".md", ".vtt")):
            data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        name = path.encode("utf-8")
        # Each part is preceded by its length, so that no two courses can run together into the same bytes.
        whole.update(b"%d:%s%d:" % (len(name), name, len(data)))
        whole.update(data)
    return whole.hexdigest()
