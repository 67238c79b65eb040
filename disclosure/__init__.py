"""Disclosure control: which figures of the marts the public may see, and the proof that the rest stay hidden."""
