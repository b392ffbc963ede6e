"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import SymcnnError


def replace_file(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write beside the file and then rename, so that nothing half-written is ever seen.

    Raises:
        SymcnnError: the file cannot be written; what was there before is left as it was.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_file(f"{folder}/page.html", b"<p>").read_bytes()
    b'<p>'
    """
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}") if target.name else target
    try:
        try:
            beside.write_bytes(content)
            beside.replace(target)
        finally:
            if target.name:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise SymcnnError(f"cannot write {target}: {error.strerror}") from error
    return target
