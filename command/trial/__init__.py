"""Tries a diagram out: one run in memory on a virtual clock, with answers from a file."""
