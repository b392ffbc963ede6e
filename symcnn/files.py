"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import SymcnnError


def replace_file(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write beside the file and then rename, so that nothing half-written is ever seen.

    A link is followed, and what is no file but can be written to, such as ``/dev/null``, is written to and stays.

    Raises:
        SymcnnError: the file cannot be written; what was there before is left as it was.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_file(f"{folder}/page.html", b"<p>").read_bytes()
    b'<p>'
    """
    target = Path(path)
    try:
        _write(target.resolve(), content)
    except OSError as error:
        raise SymcnnError(f"cannot write {target}: {error.strerror}") from error
    return target


def _write(target: Path, content: bytes) -> None:
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
