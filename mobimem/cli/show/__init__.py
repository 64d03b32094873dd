"""One module for each command that shows something: it calls one use case and prints its result."""
