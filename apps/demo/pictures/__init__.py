"""Draws the pictures of the demo shop: every object is our own, made of gradients and a few laws of light."""
