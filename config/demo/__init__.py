"""The demonstration: one command that prepares, starts and stops everything on one machine."""
