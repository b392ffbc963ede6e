"""Files are written whole or not at all, and what is no file stays what it is."""

import os

import pytest

from symcnn.errors import SymcnnError
from symcnn.files import replace_file


def test_a_link_is_followed(tmp_path):
    (tmp_path / "link").symlink_to("real")
    assert replace_file(tmp_path / "link", b"new") == tmp_path / "link"
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_pipe_stays_a_pipe(tmp_path):
    """So does ``/dev/null``, which must not become a file."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        replace_file(path, b"page")
        assert path.is_fifo()
        assert os.read(reading, 10) == b"page"
    finally:
        os.close(reading)


def test_nothing_is_left_behind(tmp_path):
    with pytest.raises(SymcnnError) as error:
        replace_file(tmp_path, b"page")
    assert str(error.value) == f"cannot write {tmp_path}: Is a directory"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SymcnnError) as error:
        replace_file(tmp_path / "none" / "page", b"page")
    assert str(error.value) == f"cannot write {tmp_path / 'none' / 'page'}: No such file or directory"
