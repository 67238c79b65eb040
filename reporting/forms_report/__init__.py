"""The report of the services' forms: every table of the published report, and what that one lacks."""

from reporting.forms_report.chapters import build_report
from reporting.forms_report.edition import reported_years, service_years

__all__ = ["build_report", "reported_years", "service_years"]
