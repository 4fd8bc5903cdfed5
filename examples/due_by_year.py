"""Which agency has to finish how many tasks in which year? Documents (JSON) in, a table out.

    python examples/due_by_year.py corpus/clean/*.json

Counts the tasks that an agency leads, by the year in which they are due; those without a day count as 'no date'.
"""

import sys
from collections.abc import Iterable

import pandas as pd

from pipeline import load


def due_by_year(paths: Iterable[str]) -> pd.DataFrame:
    """Tasks by leading agency (rows) and year due (columns), whoever has most first."""
    tasks = pd.concat([load(path).frame("tasks") for path in paths])
    year = tasks["deadline_end"].dt.year.astype("Int64").astype("str").where(tasks["deadline_end"].notna(), "no date")
    table = (
        tasks.assign(year=year)
        .explode("lead")
        .pivot_table(index="lead", columns="year", values="node_id", aggfunc="count", fill_value=0)
    )
    total = table.sum(axis="columns").rename("all")
    return table.join(total).sort_values(["all", "lead"], ascending=[False, True])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Name documents: python examples/due_by_year.py corpus/clean/*.json")
    print(due_by_year(sys.argv[1:]).to_string())
