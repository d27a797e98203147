"""A unit is renamed, merged, split, or gives functions away: what would pass to whom."""
