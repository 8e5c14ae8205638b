"""The name of a state tells what the data began as, and whether they still are that."""

from crmgraph.storing.states import dataset_of, is_as_built, name_of, new_state, state_as_built, state_when_written


def test_a_dataset_that_nobody_has_written_to() -> None:
    state = state_as_built("abc")
    assert is_as_built(state)
    assert dataset_of(state) == name_of(state) == "abc"
    assert state_as_built("abc") != state


def test_one_that_was_written_to() -> None:
    state, other = state_when_written("abc"), state_when_written("abc")
    assert not is_as_built(state)
    assert dataset_of(state) == "abc"
    assert len({name_of(state), name_of(other), "abc"}) == 3


def test_data_that_no_build_has_made() -> None:
    for state in (new_state(), state_when_written("")):
        assert not is_as_built(state)
        assert dataset_of(state) == ""
        assert len(name_of(state)) == 32
