"""The catalogue: every question, option, header and denominator of the forms, read from the dbt seeds.

The seeds in ``dbt_project/seeds/forms`` are the only place where a question, an option or a population is
written down. dbt reads them from the ``reference`` schema; everything written in Python (landing, the Great
Expectations suites, the sample generator) reads the same files through this package.
"""

from catalogue.forms import (
    MISSING_OPTION_CODE,
    MISSING_OPTION_NO,
    Breakdown,
    Catalogue,
    ExportHeader,
    Form,
    FormVersion,
    HeaderConvention,
    Option,
    Population,
    Question,
    RawColumn,
    Section,
    load_catalogue,
    normalise_header,
)

__all__ = [
    "MISSING_OPTION_CODE",
    "MISSING_OPTION_NO",
    "Breakdown",
    "Catalogue",
    "ExportHeader",
    "Form",
    "FormVersion",
    "HeaderConvention",
    "Option",
    "Population",
    "Question",
    "RawColumn",
    "Section",
    "load_catalogue",
    "normalise_header",
]
