"""HiGHS as this project uses it: without its log, and on one thread, so that the same program has the same solution."""

import highspy


class Solver(highspy.Highs):
    """What went wrong is told by the status of a call and of the model, not by the log."""

    def __init__(self) -> None:
        super().__init__()
        self.setOptionValue("threads", 1)

    def enableCallbacks(self) -> None:  # noqa: N802
        """Called by the constructor, and the first call that prints: by then silence has to be asked for."""
        self.silent()
        super().enableCallbacks()
