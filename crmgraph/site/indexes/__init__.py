"""The indexes of the site: all actors, networks, instruments, meetings, States, topics and population groups."""
