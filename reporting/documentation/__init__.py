"""What an analyst finds beside the numbers: pages that say what everything is, and what changed since last time."""
