"""How what is refused is tested: the kind of error to the letter, and its whole text."""

import pytest


def assert_refused(ask, kind, message):
    """The question raises just this kind of error, with this message where one is given."""
    with pytest.raises(kind) as caught:
        ask()
    assert type(caught.value) is kind
    assert message is None or str(caught.value) == message
