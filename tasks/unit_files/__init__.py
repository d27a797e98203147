"""The registry of units as files: written for spreadsheets, read back, and compared."""
