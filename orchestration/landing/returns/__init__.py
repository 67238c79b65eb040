"""Landing of the social care returns: census XML, looked-after returns, Annex A workbooks, local extracts."""
