"""What names the data as they are: as a dataset was built, or as they became when somebody wrote to them.

A state tells the dataset that it began as, a sign for what became of it, and some digits that no other state has.
"""

import secrets

__all__ = ["dataset_of", "is_as_built", "name_of", "new_state", "state_as_built", "state_when_written"]

_BUILT, _WRITTEN = ".", "+"


def new_state() -> str:
    """The state of data that no build has made."""
    return secrets.token_hex(16)


def state_as_built(dataset: str) -> str:
    """The state of a dataset with this digest that nobody has written to; another one each time."""
    return f"{dataset}{_BUILT}{secrets.token_hex(8)}"


def state_when_written(dataset: str) -> str:
    """The state of what began as the dataset with this digest, after a write; another one each time."""
    return f"{dataset}{_WRITTEN}{new_state()}"


def dataset_of(state: str) -> str:
    """The digest of the dataset that the data began as; nothing where nobody knows."""
    known = state.replace(_WRITTEN, _BUILT)
    return known.partition(_BUILT)[0] if _BUILT in known else ""


def name_of(state: str) -> str:
    """What tells the data from others in the fewest digits: the dataset's digest, or those of what it became."""
    return dataset_of(state) if is_as_built(state) else state.rpartition(_WRITTEN)[2]


def is_as_built(state: str) -> bool:
    """Whether nobody has written to the data since they were built."""
    return _BUILT in state
