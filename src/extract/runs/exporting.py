"""What an output folder holds, as single files in another folder: one CSV and one Parquet file a dataset and the
workbook of all documents, whatever the layout it stands in.
"""

import json
from pathlib import Path

from extract.errors import InputError, OutputError
from extract.out.datapackage import PACKAGE, headers_of, write_datapackage
from extract.out.datasets import write_single
from extract.out.layout import all_files, layout_of
from extract.out.merge import KEYS, documents_of
from extract.out.parquet import Stored, check_columns, ordered
from extract.out.replace import GOING, check_writable, finish, is_half_replaced, locked, staged, writing
from extract.out.state import state_files
from extract.runs.output import RUN_WORKBOOK
from extract.schemas.grammar import Schemas
from extract.workbook.run import write_run_workbook


def export(out: Path, target: Path, schemas: Schemas) -> int:
    """Writes the single files and returns how many documents they tell of. What an earlier export has left in the
    folder is replaced, all or nothing.

    Raises InputError if out/ holds no datasets of this program or a run there has not ended, OutputError if its
    datasets have other columns, or if the folder cannot be written, is none of an export, or is out/ itself.
    """
    if is_half_replaced(out):
        raise InputError("folder_half_replaced", path=out)
    if layout_of(out) is None:
        raise InputError("no_datasets", path=out)
    if state_files(target):
        raise OutputError("export_into_output", path=target)
    check_columns(out, schemas)
    check_writable(target)
    documents = ordered(documents_of(out, schemas, KEYS))
    with locked(target), writing(target):
        finish(target)
        with staged(target) as staging:
            headers = headers_of(out / PACKAGE)
            write_single(out, staging, schemas, documents, headers)
            write_datapackage(schemas, staging / PACKAGE, headers)
            (staging / RUN_WORKBOOK).parent.mkdir()
            write_run_workbook(staging / RUN_WORKBOOK, schemas, Stored(staging, schemas))
            old = all_files(target, schemas.datasets)
            stale = sorted(file for file in old if not (staging / file).exists())
            (staging / GOING).write_text(json.dumps(stale), encoding="utf-8")
    return len(documents)
