"""The shell around the warehouse: landing, Dagster, publishing, the command line."""
