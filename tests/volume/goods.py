"""A few articles that everyone wants, and how many pieces come at a time."""

SKUS = ["HOT-1", "HOT-2", "HOT-3", "HOT-4", "HOT-5"]
LOT = 40
