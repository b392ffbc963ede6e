"""What may be overwritten: a tensor that nothing else needs, neither forward nor backward."""

from __future__ import annotations

from ...layer import Layer
from ...profile import Profile, Storage


def owned_after(profile: Profile, owned: bool) -> bool:
    """Whether the output of a layer may be overwritten by the next; ``owned`` says so of its input.

    A branch that is still to come needs it, and a layer that keeps its output for the backward pass.
    Where that is hard to tell, it may not.
    """
    if not profile.parts:
        if any(kind == "output" for kind, _ in profile.stated("kept")):
            return False
        return profile.storage is Storage.NEW or owned
    if all(part.inputs is None for part in profile.parts):  # They stand in a row.
        for part in profile.parts:
            owned = owned_after(part.profile, owned)
        return owned
    last = profile.parts[-1].profile
    return not isinstance(last.source, Layer) and last.storage is Storage.NEW  # A join made it.
