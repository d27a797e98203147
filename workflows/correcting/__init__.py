"""A corrected document against the running plan: what differs, and what applying it would do."""
