"""How fast the whole run is, against one hand-written script in the same invocation."""
