"""Proof of the alert promise: real processes, killed everywhere, and what they left behind."""
