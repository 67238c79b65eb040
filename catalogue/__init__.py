"""The catalogue: what the forms ask and what the returns hold, read from the dbt seeds.

The seeds in ``dbt_project/seeds`` are the only place where a question, an option, a population, a record or a code is
written down. dbt reads them from the ``reference`` schema; everything written in Python (landing, the Great
Expectations suites, the sample generator) reads the same files through this package.

Here belongs a typed reader of seeds and what follows from them alone: ``forms`` (populations and all lookups) with
``asked`` (questions, options) and ``headers`` (those an export may carry), ``returns`` (records, fields, codes, what
years call differently), ``services`` (which services a programme has declared), ``programme`` with its
``settings_file`` and ``files``, what makes one catalogue of it and the seeds (``merge``, ``coherence``, ``assembly``),
``seeds`` and ``folding`` (what they share; ``forms`` and ``returns`` do not import each other). Here does not belong
anything that reads a delivered file, the warehouse or a release, nor any rule on the values of rows. It imports nothing
of ours.
"""

from catalogue.asked import Form, FormVersion, HeaderConvention, Option, Question, Section
from catalogue.forms import (
    MISSING_OPTION_CODE,
    MISSING_OPTION_NO,
    Breakdown,
    Catalogue,
    Population,
    RawColumn,
    load_catalogue,
)
from catalogue.headers import ExportHeader

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
]
