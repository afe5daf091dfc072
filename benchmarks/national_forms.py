"""How the forms of ministries, provinces and cities are understood: each table of forms.toml is drawn with made-up
rows, recognised without any PDF, and its cells are held against the field that each column is said to fill; drawn again
with numbers that tie, it must fail no rule.

    python benchmarks/national_forms.py [PLACE ...]

Prints for each place how many tables are named as they should be, how many cells are right, how many amounts are kept
in the long dataset, how many stand in a field that they do not belong to (wrong), and how many rules fail
although everything ties (accused); each table that is not wholly
right is listed with its columns.
"""

import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from extract.checks.evidence import Evidence
from extract.checks.in_tables import check_tables
from extract.document.pipeline import Knowledge
from extract.model.page import Box, Cell, Grid, Line
from extract.schemas.load import load
from extract.tables.assemble import Assembler
from extract.tables.document_rows import Normalised
from extract.tables.fragments import Fragment
from extract.tables.normalise import Normaliser
from extract.text import compared

FORMS = Path(__file__).with_name("forms.toml")
YEAR = 2024
WIDTH, HEIGHT, TOP, LEFT = 60.0, 20.0, 100.0, 40.0
LONG = "amounts"
UNFIELDED = "?"  # a column that no field of the dataset is for: its amounts must stand in none
LINES = {  # the rows of a drawn table by what they are: code and name
    "function": [("", "合计"), ("201", "一般公共服务支出"), ("20106", "财政事务"), ("2010601", "行政运行")],
    "economy": [
        ("", "合计"),
        ("301", "工资福利支出"),
        ("30101", "基本工资"),
        ("302", "商品和服务支出"),
        ("30201", "办公费"),
    ],
    "government": [("", "合计"), ("501", "机关工资福利支出"), ("50101", "工资奖金津补贴")],
    "unit": [("", "合计"), ("101", "澜州市林务局"), ("101001", "澜州市林务局本级"), ("101002", "澜州市苗圃管理站")],
    "project": [("", "合计"), ("", "林区道路养护"), ("", "苗木繁育补助"), ("", "防火瞭望塔维护")],
    "item": [
        ("", "一、一般公共预算拨款收入"),
        ("", "二、政府性基金预算拨款收入"),
        ("", "本年收入合计"),
        ("", "收入总计"),
    ],
    "use": [("", "一、一般公共服务支出"), ("", "二、外交支出"), ("", "本年支出合计"), ("", "支出总计")],
    "staff": [("301", "工资福利支出"), ("30101", "基本工资"), ("303", "对个人和家庭的补助"), ("30301", "离休费")],
    "wares": [("", "一、工资福利支出"), ("", "二、商品和服务支出"), ("", "本年支出合计"), ("", "支出总计")],
    "further": [
        ("307", "债务利息及费用支出"),
        ("30701", "国内债务付息"),
        ("310", "资本性支出"),
        ("31002", "办公设备购置"),
    ],
    "category": [("", "合计"), ("", "货物"), ("", "工程"), ("", "服务")],
    "numbers": [("", ""), ("530000210000000001", ""), ("530000210000000002", ""), ("530000210000000003", "")],
    "text": [("", "甲"), ("", "乙"), ("", "丙"), ("", "丁")],
}
WEIGHTS = {  # how much the rows of these lists count for, so that the sums of rows tie
    "project": [3, 1, 1, 1],
    "category": [3, 1, 1, 1],
    "item": [1, 1, 2, 2],
    "staff": [1, 1, 1, 1],
    "economy": [2, 1, 1, 1, 1],
    "government": [1, 1, 1],
    "function": [1, 1, 1, 1],
    "unit": [2, 2, 1, 1],
}
THREE_PUBLIC = {"total": 4, "vehicles": 2}
UNIT = Decimal("10.25")
OF_ALL = ("initial_budget", "adjusted_budget")  # columns that are of the whole
APART = {  # columns that no total counts
    *OF_ALL,
    "previous_year",
    "previous_year_executed",
    "change",
    "change_percent",
    "procurement_sme",
    "opening_balance",
    "closing_balance",
    "revenue",
}
KINDS = {
    "exp_func_code": "function",
    "exp_func_name": "function",
    "dep_bgt_eco_code": "economy",
    "dep_bgt_eco_name": "economy",
    "gov_bgt_eco_code": "government",
    "gov_bgt_eco_name": "government",
    "unit_code": "unit",
    "unit_name": "unit",
    "project_name": "project",
    "procurement_category": "category",
}


ValueOf = Callable[[int, int], Decimal]  # the amount of a row and column of a drawn table


class Form(NamedTuple):
    """A printed table: whose, its title, the dataset it should become, the rows of its header (`<` goes on from the
    left, `^` from above), the field of each column with what else it gives its rows, and the names of its lines where
    these tell the fields. `ties` is false where numbers that tie are not made for its header.
    """

    place: str
    title: str
    unit: str
    dataset: str
    head: list[list[str]]
    fields: list[tuple[str, dict[str, str]]]
    lines: list[tuple[str, str]]
    ties: bool


class Expected(NamedTuple):
    """A cell of a drawn table: its column, the field that it belongs to with what else its row says, its value."""

    column: int
    field: str
    given: dict[str, str]
    value: Any


class Score(NamedTuple):
    """Tables and those named as they should be; cells, those that are right, kept in the long dataset, and wrong; rules
    that fail where everything ties.
    """

    tables: int = 0
    named: int = 0
    cells: int = 0
    right: int = 0
    kept: int = 0
    wrong: int = 0
    accused: int = 0


def forms() -> list[Form]:
    listed = tomllib.loads(FORMS.read_text(encoding="utf-8"))["form"]
    return [
        Form(
            one["place"],
            one["title"],
            one.get("unit", "万元"),
            one["dataset"],
            [_cut(line) for line in one["head"].strip().splitlines()],
            [_field(text) for text in _cut(one["fields"])],
            [(name, field) for name, _, field in (line.partition("=") for line in one.get("lines", []))],
            one.get("ties", True),
        )
        for one in listed
    ]


def _cut(line: str) -> list[str]:
    return [text.strip() for text in line.split("|")]


def _field(text: str) -> tuple[str, dict[str, str]]:
    """`total[measure=budget]` → the field, and what else the column gives its rows."""
    name, _, given = text.rstrip("]").partition("[")
    return name, dict(pair.split("=") for pair in given.split(",") if pair)


def drawn(form: Form, value_of: "ValueOf") -> tuple[Fragment, list[Expected]]:
    """The table as it stands on a page, and what its cells should become."""
    cells = list(_header(form.head))
    expected: list[Expected] = []
    stubs = _stubs(form)
    count = len(form.lines) or max((len(lines) for lines, _ in stubs.values()), default=1)
    for row in range(count):
        for column, (field, given) in enumerate(form.fields):
            at = len(form.head) + row
            value: Any
            if column in stubs:
                wide, text, value = _stub(stubs, row, column, given)
                field = form.fields[column + wide - 1][0]
                given = {}
            else:
                value = None if field == "-" else value_of(row, column)
                wide, text = 1, str(row + 1) if value is None else f"{value:,.2f}"
                field = form.lines[row][1] if form.lines else field
            if text:
                cells.append(_cell(at, column, at + 1, column + wide, text))
            if value is not None and not (column in stubs and form.lines):
                expected.append(Expected(column, field, given, value))
    xs = tuple(LEFT + WIDTH * place for place in range(len(form.fields) + 1))
    ys = tuple(TOP + HEIGHT * place for place in range(len(form.head) + count + 1))
    grid = Grid(1, ys, xs, tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))
    above = tuple(
        Line(1, text, Box(LEFT + shift, top, LEFT + shift + 8 * len(text), top + 10))
        for text, shift, top in ((form.title, 100, TOP - 50), (f"单位：{form.unit}", 200, TOP - 20))
    )
    return Fragment(grid, above, (), "drawn"), expected


def _stub(stubs: "Stubs", row: int, column: int, given: dict[str, str]) -> tuple[int, str, str | None]:
    """How many columns the text of a line takes, the text, and the value that it stands for."""
    lines, part = stubs[column]
    line = lines[row] if row < len(lines) else ("", "")
    if "part" in given:
        return 1, _piece(line[0], int(given["part"])), (line[0] or None) if given["part"] == "1" else None
    named = column + 1 in stubs and stubs[column + 1][0] is lines and part == 0 and not line[0]
    if named and line[1]:  # a 合计 stands over code and name
        return 2, line[1], line[1]
    merged = column and part == 1 and stubs.get(column - 1, ((), 1)) == (lines, 0) and not line[0]
    return 1, "" if merged else line[part], None if merged else line[part] or None


def _piece(code: str, part: int) -> str:
    """The part of a code that its column of 类, 款 or 项 prints."""
    return code[:3] if part == 1 else code[2 * part - 1 : 2 * part + 1]


def _header(head: Sequence[Sequence[str]]) -> Iterator[Cell]:
    for row, line in enumerate(head):
        for column, text in enumerate(line):
            if text in ("<", "^"):
                continue
            right, down = column + 1, row + 1
            while right < len(line) and line[right] == "<":
                right += 1
            while down < len(head) and head[down][column] == "^":
                down += 1
            if text:
                yield _cell(row, column, down, right, text)


def _cell(row: int, col: int, row_end: int, col_end: int, text: str) -> Cell:
    x, y = LEFT + WIDTH * col + 4, TOP + HEIGHT * row + 4
    return Cell(row, col, row_end, col_end, text, Box(x, y, x + 40, y + 12), x)


def distinct(form: Form) -> "ValueOf":
    """A number for each cell that no other has."""
    return lambda row, column: Decimal(1000 * (row + 1) + 10 * column) + Decimal("0.37")


def tied(form: Form) -> "ValueOf":
    """Numbers that tie as such a table does: rows to those below them, totals to the columns beside them."""
    stubs = _stubs(form)
    weights = next((WEIGHTS[kind] for kind in WEIGHTS if any(lines is LINES[kind] for lines, _ in stubs.values())), [1])
    parts = _parts(form)
    count = {column: len(parts.get(column, ())) or 1 for column in range(len(form.fields))}
    totals = [count[column] for column, (field, _) in enumerate(form.fields) if field in ("total", "amount")]

    def value_of(row: int, column: int) -> Decimal:
        field = form.fields[column][0]
        times = weights[row] if row < len(weights) else 0
        if form.lines:
            times = THREE_PUBLIC.get(form.lines[row][1], 1)
        last = max(totals, default=1)
        if field == "change_percent":
            return Decimal(100 * (last - 1))
        if field in ("revenue", *OF_ALL) or (
            field in ("amount", "total") and column < len(form.fields) / 2 and count[column] == 1
        ):
            return UNIT * times * last
        return UNIT * times * (last - 1 if field == "change" else count[column])

    return value_of


def _parts(form: Form) -> dict[int, set[int]]:
    """The columns that each column is the sum of, as totals stand beside and over what they count."""
    found: dict[int, set[int]] = {}

    def walk(start: int, end: int, depth: int) -> set[int]:
        own: set[int] = set()
        total = None
        column = start
        while column < end:
            text = form.head[depth][column]
            stop = column + 1
            while stop < end and form.head[depth][stop] == "<":
                stop += 1
            field = form.fields[column][0]
            below = depth + 1
            while below < len(form.head) and form.head[below][column] == "^":
                below += 1
            if stop - column > 1 and below < len(form.head):
                own |= walk(column, stop, below)
            elif text.endswith(("合计", "小计", "总计")) and total is None:
                total = column
            elif "其中" not in text and field not in APART and column not in _stubs(form) and field != "-":
                own.add(column)
            column = stop
        if total is not None:
            found[total] = own or {total}
        return own or {total for total in (total,) if total is not None}

    walk(0, len(form.fields), 0)
    return found


def accusations(form: Form, knowledge: Knowledge) -> list[str]:
    """The rules that fail where everything ties."""
    fragment, _ = drawn(form, tied(form))
    result = recognised(fragment, knowledge)
    columns = {name: frozenset(found) for name, found in result.columns.items()}
    rows = {name: tuple(found) for name, found in result.rows.items()}
    unresolved = Counter({table.dataset: table.unresolved for table in result.tables if table.dataset})
    evidence = Evidence(knowledge.schemas, rows, columns, YEAR, set(), unresolved, [], None)
    return [
        f"accused: {check.rule} {check.message}"
        for check in check_tables(knowledge.schemas.rules, evidence)
        if check.verdict == "fail"
    ]


Stubs = dict[int, tuple[list[tuple[str, str]], int]]


def _stubs(form: Form) -> Stubs:
    """The columns of texts: their lines, and whether they print the code (0) or the name (1)."""
    result: Stubs = {}
    seen: dict[str, int] = defaultdict(int)
    lines = [("", name) for name, _ in form.lines]
    blocks = sum(field == "dep_bgt_eco_name" for field, _ in form.fields)
    for column, (field, given) in enumerate(form.fields):
        if lines and field == "item":
            result[column] = lines, 1
        elif field == "item" or given.get("rows"):
            seen["side"] += 1
            kind = given.get("rows") or ("item" if seen["side"] == 1 else "use")
            result[column] = LINES[kind], 0 if field.endswith("_code") else 1
        elif field in KINDS:
            seen[field] += 1
            listed = LINES[KINDS[field]]
            if KINDS[field] == "economy" and blocks > 1:
                listed = LINES["staff" if seen[field] == 1 else "further"]
            result[column] = listed, 0 if field.endswith("_code") else 1
        elif given.get("text"):
            result[column] = LINES["text"], 1
    return result


def recognised(fragment: Fragment, knowledge: Knowledge) -> Normalised:
    assembler = Assembler(knowledge.readers)
    assembler.add(fragment)
    normaliser = Normaliser(knowledge.schemas, knowledge.targets, knowledge.columns, YEAR, None)
    for table in assembler.tables:
        normaliser.add(table)
    return normaliser.result


def scored(form: Form, knowledge: Knowledge) -> tuple[Score, list[str]]:
    """What is right of a form, and for each column that is not wholly right what became of it."""
    fragment, expected = drawn(form, distinct(form))
    result = recognised(fragment, knowledge)
    named = [table.dataset for table in result.tables] == [form.dataset]
    rows = [row.values for row in result.rows.get(form.dataset, ())]
    long = {row.values.get("amount") for row in result.rows.get(LONG, ())}
    elsewhere: dict[Any, set[str]] = defaultdict(set)
    for dataset, found in result.rows.items():
        for row in found:
            for field, value in row.values.items():
                if dataset != LONG and isinstance(value, Decimal):
                    elsewhere[value].add(field)
    right = kept = wrong = cells = 0
    faults: dict[int, str] = {}
    for one in expected:
        is_amount = isinstance(one.value, Decimal)
        misplaced = {field for field in elsewhere[one.value] if field != one.field} if is_amount else set()
        held = any(_says(row, one) for row in rows)
        if one.field != UNFIELDED:
            cells += 1
            right += held and not misplaced
            kept += not held and one.value in long
        if misplaced or (is_amount and not held and one.field in elsewhere[one.value]):
            wrong += 1
            faults[one.column] = f"wrong: {', '.join(sorted(elsewhere[one.value]))} for {one.field}{one.given or ''}"
        elif not held and one.field != UNFIELDED:
            faults.setdefault(one.column, f"{'kept' if one.value in long else 'lost'}: {one.field}")
    heads = {column: "/".join(_path(form.head, column)) for column in faults}
    became = ", ".join(str(table.dataset or table.title) for table in result.tables)
    accused = accusations(form, knowledge) if form.ties else []
    told = [*([] if named else [f"named {became}"]), *accused]
    return Score(1, named, cells, right, kept, wrong, len(accused)), [
        *told,
        *(f"{heads[column]} {fault}" for column, fault in sorted(faults.items())),
    ]


def _says(row: Any, one: Expected) -> bool:
    value = row.get(one.field)
    same = value == one.value if isinstance(one.value, Decimal) else compared(str(value)) == compared(str(one.value))
    return same and all(str(row.get(name)) == text for name, text in one.given.items() if name not in ("rows", "text"))


def _path(head: Sequence[Sequence[str]], column: int) -> Iterator[str]:
    for line in head:
        place = column
        while line[place] == "<":
            place -= 1
        if line[place] not in ("", "^"):
            yield line[place]


def main() -> None:
    knowledge = Knowledge(load())
    totals: dict[str, list[Score]] = defaultdict(list)
    for form in forms():
        if sys.argv[1:] and form.place not in sys.argv[1:]:
            continue
        score, faults = scored(form, knowledge)
        totals[form.place].append(score)
        if faults:
            print(f"{form.place} {form.title} → {form.dataset}")
            for fault in faults:
                print(f"    {fault}")
    scores = {place: Score(*map(sum, zip(*found, strict=True))) for place, found in totals.items()}
    scores["all"] = Score(*map(sum, zip(*scores.values(), strict=True)))
    for place, score in scores.items():
        share = 100 * score.right / (score.cells or 1)
        print(
            f"{place}: tables {score.named} of {score.tables}, cells {score.right} of {score.cells} ({share:.1f} %), "
            f"kept {score.kept}, wrong {score.wrong}, accused {score.accused}"
        )


if __name__ == "__main__":
    main()
