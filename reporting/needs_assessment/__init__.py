"""The needs assessment chapter: the indicators of an authority's returns beside England and its neighbours."""

from reporting.needs_assessment.chapter import areas, build_chapter, build_needs_assessment

__all__ = ["areas", "build_chapter", "build_needs_assessment"]
