"""What the web server and the daemon load. The command line runs the same job in its own process.

Home and raw folder come from the environment (`INSIGHTS_HOME`, `INSIGHTS_RAW`), as `insights ui` sets it.
"""

from orchestration.assets.graph import build_definitions
from orchestration.settings import Settings

defs = build_definitions(Settings.from_environment())
