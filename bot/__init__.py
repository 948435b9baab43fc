"""Everything that waits: channels, courier, clock, the composition of the running program."""
