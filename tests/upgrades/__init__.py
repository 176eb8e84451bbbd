"""Data sets of landed versions, one for each engine, and what has to be the same after every upgrade of them."""
