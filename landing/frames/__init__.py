"""Sampling frames: the government register, cleaning a frame, matching responses to it."""
