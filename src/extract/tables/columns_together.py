"""What the columns of a header mean beside each other: the class of plain codes, periods that tell columns apart, lists
side by side, and what the rows of such a table are.
"""

from collections.abc import Mapping, Sequence

from extract.schemas.vocabulary import Concept, RowsKind
from extract.tables.columns import CHANGES, CLASS, PREVIOUS_YEAR, Meaning
from extract.tables.titles import Title

PROJECTS = {"project_name", "item"}
FINAL, GOODS = "final", "goods_and_services"
DEPARTMENT, GOVERNMENT = "dep_bgt_eco", "gov_bgt_eco"  # economic classes
CLASSES = ("exp_func", DEPARTMENT, GOVERNMENT)
SIDES = {
    "exp_func_name": "expenditure",
    "dep_bgt_eco_name": "expenditure_by_department_economy",
    "gov_bgt_eco_name": "expenditure_by_government_economy",
}
OWN_TEXT = {  # stubs that tell more about a row, not what the row is
    "remark",
    "description",
    "goal",
    "project_type",
    "fund_type",
    "period",
    "quantity",
    "unit_price",
    "specification",
    "service_content",
    "procurement_time",
    "organization_form",
}


def default_class(concept: Concept, title: Title) -> str:
    if "economy" in title.words or (concept.rows == "economy" and "function" not in title.words):
        return "dep_bgt_eco"
    return "exp_func"


def with_classes(meanings: Sequence[Meaning | None], default: str, codes: Mapping[int, str]) -> list[Meaning | None]:
    """Plain codes and names with the class that they are of: as a part above says, else as the next name says, else as
    the codes themselves, else as the title.
    """
    result = list(meanings)
    for place in range(len(result) - 1, -1, -1):
        one = result[place]
        if one is None or one.stub not in CLASS:
            continue
        above = next((name for name in CLASSES if (one.stub_class or "").startswith(name)), None)
        after = result[place + 1] if place + 1 < len(result) else None
        beside = next(
            (name for name in CLASSES if after and one.stub == "code" and (after.stub or "").startswith(name)), None
        )
        by_code = {"2": "exp_func", "1": "exp_func", "3": "dep_bgt_eco", "5": "gov_bgt_eco"}
        code = codes.get(place) or (_code_beside(result, place, codes) if one.stub == "name" else None)
        of_code = by_code.get(code[0]) if code and len(code) in (3, 5, 7) and default != "gov_bgt_eco" else None
        of_code = "dep_bgt_eco" if of_code == "gov_bgt_eco" else of_code
        result[place] = one._replace(stub=f"{above or beside or of_code or default}_{one.stub}")
    return result


def _code_beside(meanings: Sequence[Meaning | None], place: int, codes: Mapping[int, str]) -> str | None:
    """The first code in the nearest column of plain codes left of a name."""
    plain = (left for left in range(place - 1, -1, -1) if (one := meanings[left]) and one.stub == "code")
    return next((codes[left] for left in plain if left in codes), None)


def with_plain_names(meanings: Sequence[Meaning | None]) -> list[Meaning | None]:
    """Names of units and classes in one column are those of what the codes beside them are of."""
    stubs = {one.stub for one in meanings if one and one.stub}
    if not stubs & {"code", "unit_code"} or stubs & {"name", "unit_name"}:
        return list(meanings)
    name = "name" if "code" in stubs else "unit_name"
    return [one._replace(stub=name) if one and one.stub == "row_name" else one for one in meanings]


def has_wages(meanings: Sequence[Meaning | None]) -> bool:
    """Whether the columns are economic classes."""
    return any(one is not None and "wages" in one.measures for one in meanings)


def beside_wages(meanings: Sequence[Meaning | None]) -> list[Meaning | None]:
    """Goods and services are what the office costs, but for a table whose columns are economic classes."""
    if not has_wages(meanings):
        return list(meanings)
    return [
        one
        and one._replace(measures=tuple(name for name in one.measures if name != "office" or GOODS not in one.measures))
        for one in meanings
    ]


def is_final(meanings: Sequence[Meaning | None]) -> bool:
    """Whether a table is one of final accounts although its title does not say so."""
    measured = [one for one in meanings if one and one.measures]
    dated = any(one.year or one.period for one in measured)
    return not dated and any(one.stage == FINAL for one in measured)


def with_previous_year(meanings: Sequence[Meaning | None], concept: Concept) -> list[Meaning | None]:
    """Totals of the year before beside this year's, budgeted or executed, are columns of their own; other amounts of
    that year are not known.
    """
    years = {one.year for one in meanings if one and one.year and one.measures}
    if concept.name == "three_public_expenses" or len(years) < 2:
        return list(meanings)
    last = max(years)
    earlier = PREVIOUS_YEAR | {name: name for name in (*PREVIOUS_YEAR.values(), *CHANGES)}
    return [
        one._replace(measures=(earlier[one.measures[0]],) if one.measures[0] in earlier else ())
        if one and one.measures and one.year and one.year < last
        else one
        for one in meanings
    ]


def with_periods(meanings: Sequence[Meaning | None]) -> list[Meaning | None]:
    """A period that all amounts have is none that tells one from another."""
    periods = {one.period and (one.year or one.period) for one in meanings if one and one.measures}
    return list(meanings) if len(periods) > 1 else [one and one._replace(period=None) for one in meanings]


def rows_kind(meanings: Sequence[Meaning | None], concept: Concept) -> RowsKind:
    """What the rows of a table are, as its stubs say."""
    stubs = {one.stub for one in meanings if one and one.stub} - OWN_TEXT
    function = bool({"exp_func_code", "exp_func_name"} & stubs)
    economy = any(stub.startswith(("dep_bgt_eco", "gov_bgt_eco")) for stub in stubs)
    if own := _own_kind(stubs, concept):
        return own
    if "level_1_name" in stubs:
        return "levels"
    if function and economy and concept.name == "expenditure":
        return "function_and_economy"
    if concept.rows == "project":
        return "project" if not economy else "lines" if PROJECTS & stubs else "economy"
    if economy and concept.rows == "economy" and PROJECTS & stubs:
        return "lines"
    if function:
        return "function"
    if economy or ("row_name" in stubs and concept.rows == "economy"):
        return "economy"
    if {"unit_code", "unit_name"} & stubs:
        return "unit"
    return "item" if {"item", "project_name", "row_name"} & stubs else "none"


def _own_kind(stubs: set[str], concept: Concept) -> RowsKind | None:
    """The kind of the rows of tables whose subject tells it, with what little their stubs add."""
    if concept.rows == "sides":
        return "function" if "exp_func_code" in stubs else "sides"
    if concept.rows == "listed":
        return "listed"
    if concept.name == "three_public_expenses":
        return "turned" if "item" in stubs else "none"
    if concept.name in ("performance_targets", "department_performance"):
        return "project"
    if {"procurement_item", "economic_item"} & stubs:
        return "procurement_item"
    if concept.name == "government_procurement" and {"procurement_category", "item"} & stubs:
        return "category"
    return "unit" if concept.name == "carried_over_expenditure" else None


def column_blocks(meanings: Sequence[Meaning | None], rows: RowsKind) -> list[int]:
    """The block of each column: lists that stand side by side, each with its own stub; those of the department's and of
    the government's economic classes, too, if both have amounts.
    """
    block, measured, stubs, blocks = 0, False, set[str](), []
    for place, one in enumerate(meanings):
        stub = one.stub if one else None
        if stub and any(other and other.measures for other in meanings[place:]):
            stub = stub.replace(GOVERNMENT, DEPARTMENT)
        if stub and measured and (rows == "sides" or stub in stubs):
            block, measured, stubs = block + 1, False, set()
        if stub:
            stubs.add(stub)
        measured = measured or bool(one and one.measures)
        blocks.append(block)
    return blocks


def sides_of_blocks(meanings: Sequence[Meaning | None], blocks: Sequence[int]) -> dict[int, str]:
    """The side of each block of a two-sided table. 支出用途 is a side of its own only beside another list of
    expenditure. Of two blocks the left is revenue and the right expenditure, whatever their headers leave out.
    """
    sides: dict[int, str] = {}
    for one, block in zip(meanings, blocks, strict=True):
        if one is None:
            continue
        by_stub = SIDES.get(one.stub or "") if one.side != "revenue" else None
        side = by_stub if by_stub and by_stub != "expenditure" else one.side or by_stub
        if side and block not in sides:
            sides[block] = side
    if "expenditure" not in sides.values():
        sides = {block: "expenditure" if side == "expenditure_use" else side for block, side in sides.items()}
    as_usual = {0: "revenue", 1: "expenditure"}
    if {*blocks} == {*as_usual} and sides.items() <= as_usual.items():
        return as_usual
    return sides
