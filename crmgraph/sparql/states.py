"""States of data, which change with every write: the digest of a dataset as built, or of what it became.

A state tells the dataset that it began as, a sign for what became of it, and some digits that no other state has.
"""

import secrets

__all__ = ["dataset_of", "is_as_built", "name_of", "new_state", "state_as_built", "state_when_written"]

_BUILT, _WRITTEN = ".", "+"


def new_state() -> str:
    """Return a state of data that no build has made."""
    return secrets.token_hex(16)


def state_as_built(dataset: str) -> str:
    """Return a state of a dataset with this digest that nobody has written to; another one each time."""
    return f"{dataset}{_BUILT}{secrets.token_hex(8)}"


def state_when_written(dataset: str) -> str:
    """Return a state of what began as the dataset with this digest, after a write; another one each time."""
    return f"{dataset}{_WRITTEN}{new_state()}"


def dataset_of(state: str) -> str:
    """Return the digest of the dataset that the data began as; an empty text where nobody knows."""
    known = state.replace(_WRITTEN, _BUILT)
    return known.partition(_BUILT)[0] if _BUILT in known else ""


def name_of(state: str) -> str:
    """Return the shortest name of a state: the digest of the dataset, or the digits of what it became."""
    return dataset_of(state) if is_as_built(state) else state.rpartition(_WRITTEN)[2]


def is_as_built(state: str) -> bool:
    """Tell whether nobody has written to the data since they were built."""
    return _BUILT in state
