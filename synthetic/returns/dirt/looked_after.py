"""Looked-after tables with cut postcodes, UNKN, and in 2013 what is wrong as a whole."""

from __future__ import annotations

import numpy as np

from synthetic.returns.writers import Row


def dirty_903(tables: dict[str, list[Row]], year: int, seed: int) -> dict[str, list[Row]]:
    """The looked-after tables with cut postcodes, UNKN, and in 2013 what is wrong as a whole."""
    rng = np.random.default_rng([seed, 82, year])
    made = {name: list(rows) for name, rows in tables.items()}
    episodes = made["episodes"]
    for n in rng.choice(len(episodes), 14, replace=False):
        row = list(episodes[n])
        row[11] = row[11].split()[0] if n % 2 else row[11][:-2]
        if n % 3 == 0:
            row[10] = "UNKN"
        episodes[n] = tuple(row)
    header = made["header"]
    first = header[3]
    day, month, rest = first[2].split("/")
    other_day = f"{int(day) % 27 + 1:02d}"
    other_month = f"{int(month) % 12 + 1:02d}"
    header.insert(9, (*first[:2], f"{other_day}/{other_month}/{rest}", *first[3:]))
    header.insert(30, (*first[:2], f"{other_day}/{month}/{int(rest) - 1}", *first[3:]))
    header[12] = (*header[12][:4], "UNKN", *header[12][5:])
    if year == 2013:
        blank = ("", "", "", "")
        header.append(("*DUMMY*", "1", "01/01/2001", "WBRI", "", "0", ""))
        header.append(("9890001", "1", "05/05/2003", "WBRI", "UN2", "0", ""))
        # Four letters that are no ethnicity of the code list.
        header.append(("9890002", "2", "06/06/2004", "XXXX", "UN2", "0", ""))
        bad = ("9890001", "05/09/2012", "S", "V2", "N1", "U6", "PR1", "01/07/2012", "E8", *blank)
        episodes.append(bad)
        episodes.append(("9890002", "05/05/2012", "S", "V2", "N1", "U6", "PR1", "01/09/2012", "E8", *blank))
        episodes.append(("9890002", "01/07/2012", "S", "V2", "N1", "U6", "PR1", "01/10/2012", "E8", *blank))
        episodes.append(("9890002", "01/01/1900", "S", "V2", "N1", "U6", "PR1", "02/01/1900", "E8", *blank))
        episodes.append(("9890001", "31/02/2013", "S", "V2", "N1", "ZZ9", "PR9", "01/03/2013", "E8", *blank))
        # No reason for ending; a type of placement of 2025; no start before it; X1 and then nothing
        header.append(("9890003", "1", "05/05/2003", "WBRI", "UN2", "0", ""))
        episodes.append(("9890003", "05/05/2012", "S", "V2", "N1", "U6", "PR1", "01/06/2012", "", *blank))
        episodes.append(("9890003", "05/07/2012", "P", "V2", "N1", "K3", "PR1", "01/08/2012", "X1", *blank))
        made["missing"].append(("9890003", "05/05/2003", "M", "01/12/2012", "02/12/2012"))
        made["uasc"].append(("9890004", "1", "05/05/2000", ""))
        other = header[20]
        header[20] = (other[0], "2" if other[1] == "1" else "1", *other[2:])
        episodes.append(("", "05/05/2012", "S", "V2", "N1", "U6", "PR1", "01/06/2012", "E8", *blank))
    return made
