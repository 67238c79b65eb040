"""What a delivered file is, as far as it can be told without the warehouse: a form, an erasure list or a return."""

from __future__ import annotations

from pathlib import Path

from catalogue import Catalogue
from catalogue.returns import ReturnCatalogue
from orchestration.landing.forms.recognise import ErasureList, FormExport, recognise_form
from orchestration.landing.refusal import Refused
from orchestration.landing.returns.recognise import Return, lies_with_returns, recognise_return

#: What a file is, when its bytes have been looked at.
Recognised = FormExport | ErasureList | Return | Refused


def recognise(forms: Catalogue, returns: ReturnCatalogue, path: Path, raw_dir: Path, copy: Path) -> Recognised:
    """Tell what a file is by its place in the raw folder and its beginning; what is made of it goes to ``copy``.

    Raises FileRefusedError: it is nothing that can be landed. Raises OSError: the disk fails.
    """
    if lies_with_returns(path, raw_dir):
        return recognise_return(returns, path, raw_dir, copy)
    return recognise_form(forms, path, copy)
