"""Generators of the items, one function a slice: each takes a random.Random and draws one item."""
