"""From what was read in a document to what a person confirmed, and on to a plan."""
