"""The indexes: tables of all actors, networks, instruments, meetings, States, topics and population groups."""
