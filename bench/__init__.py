"""What the shop costs: `make bench`. How to read the figures: docs/performance.md."""
