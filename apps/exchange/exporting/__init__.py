"""Files that leave the shop: rows come in chunks and are sent as they come, so memory does not grow with the shop."""
