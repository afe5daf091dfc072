"""What rows stand below what, as codes, indentation and names tell."""

from collections.abc import Mapping, Sequence
from typing import Any

from test_checks import checked
from test_evidence import evidence

from extract.checks.trees import Parents, by_codes, by_indentation, classified, flat, heads, listed_rows, of_which
from extract.model.report import Row
from extract.schemas.grammar import Schemas

Written = Mapping[str, Any]


def code(code: str, total: str = "1.00", **more: Any) -> Written:
    return {"exp_func_code": code, "exp_func_name": f"科目{code}", "total": total, **more}


def name(name: str, total: str = "1.00", **more: Any) -> Written:
    return {"exp_func_name": name, "total": total, **more}


def below(schemas: Schemas, *written: Written, indents: Sequence[int | None] | None = None) -> Parents | None:
    """By codes, or by indentation where one is given."""
    own = evidence(schemas, {"expenditure": written})
    dataset, rows = own.datasets["expenditure"], list(own.rows["expenditure"])
    if indents is None:
        return by_codes(rows, dataset, own)
    set_in = [row._replace(indent=indent) for row, indent in zip(rows, indents, strict=True)]
    return by_indentation(set_in, dataset, own)


def test_a_code_stands_below_the_longest_one_above_that_begins_it(schemas: Schemas) -> None:
    assert below(schemas, name("合计"), code("208"), code("20805"), code("2080501"), code("2080502")) == [
        None,
        0,
        1,
        2,
        2,
    ]
    assert below(schemas, name("合计"), code("208"), code("2080501"), code("210")) == [None, 0, 1, 0]
    assert below(schemas, code("208"), code("20805"), name("合计")) == [2, 0, None]  # the total may be the last
    assert below(schemas, code("208"), code("210")) == [None, None]
    assert below(schemas, name("合计"), name("甲局")) is None


def test_a_row_that_says_the_same_as_the_one_above_stands_below_it(schemas: Schemas) -> None:
    assert below(schemas, name("合计"), code("208"), code("208")) == [None, 0, 1]
    assert below(schemas, name("合计"), code("208"), code("208", "2.00")) == [None, 0, 0]


def test_rows_without_a_code_head_the_rows_of_units(schemas: Schemas) -> None:
    assert below(schemas, name("合计"), name("甲中心"), code("208"), code("20805"), name("乙中心"), code("208")) == [
        *(None, 0, 1, 2),
        *(0, 4),
    ]
    department = [name("合计", "3.00"), name("甲局", "3.00"), name("甲中心"), code("208"), name("乙中心"), code("208")]
    assert below(schemas, *department) == [None, 0, 1, 2, 1, 4]
    other = [name("合计", "3.00"), name("甲局", "2.00"), *department[2:]]
    assert below(schemas, *other) == [None, 0, 0, 2, 0, 4]
    coded = [
        name("合计", "3.00"),
        name("甲局", unit_code="101"),
        name("甲中心", unit_code="101001"),
        code("208"),
        name("乙局", unit_code="102"),
    ]
    assert below(schemas, *coded) == [None, 0, 1, 2, 0]


def test_a_row_whose_code_was_lost_heads_no_unit(schemas: Schemas) -> None:
    assert below(schemas, name("合计"), code("208"), name("社会保障"), code("2080502")) is None


def test_rows_of_which_are_left_out_up_to_the_next_code(schemas: Schemas) -> None:
    found = below(schemas, name("合计"), code("208"), name("其中：工资"), name("津贴"), code("20805"))
    assert found == [None, 0, None, None, 1]
    own = evidence(schemas, {"expenditure": [name("合计"), name("其中：工资"), name("津贴")]})
    assert of_which(own.rows["expenditure"], own.datasets["expenditure"], own) == {1}


def test_indentation_tells_where_most_sums_tie(schemas: Schemas) -> None:
    tied = [name("合计", "5.00"), name("教育支出", "5.00"), name("职业教育", "3.00"), name("其他教育", "2.00")]
    assert below(schemas, *tied, indents=[0, 0, 1, 1]) == [None, 0, 1, 1]
    untied = [*tied[:2], name("职业教育", "3.00"), name("其他教育", "9.00")]
    assert below(schemas, *untied, name("文化支出", "7.00"), name("文物", "1.00"), indents=[0, 0, 1, 1, 0, 1]) is None
    assert below(schemas, *tied, indents=[0, 0, 0, 0]) is None  # it tells nothing
    assert below(schemas, *tied, indents=[0, 0, None, 1]) is None


def flat_below(schemas: Schemas, dataset: str, *written: Written, agency: str | None = None) -> Parents | None:
    own = evidence(schemas, {dataset: written}, agency)
    return flat(own.rows[dataset], own.datasets[dataset], own)


def test_without_codes_and_indentation_all_stand_below_the_only_total(schemas: Schemas) -> None:
    assert flat_below(schemas, "expenditure", name("合计"), name("甲"), name("乙")) == [None, 0, 0]
    assert flat_below(schemas, "expenditure", name("甲"), name("乙"), name("合计")) == [2, 2, None]
    assert flat_below(schemas, "expenditure", name("合计"), name("甲"), name("总计")) is None
    assert flat_below(schemas, "expenditure", name("合计")) is None
    assert flat_below(schemas, "expenditure", name("甲"), name("乙")) is None
    assert flat_below(schemas, "expenditure", name("合计"), name("甲", unit_code="101"), name("乙")) is None
    assert flat_below(schemas, "expenditure", name("合计"), name("甲"), name("其中：乙")) == [None, 0, None]


def test_the_first_unit_that_says_the_same_as_the_total_is_the_department(schemas: Schemas) -> None:
    def unit(name: str, total: str) -> Written:
        return {"unit_name": name, "total": total}

    same = [unit("合计", "3.00"), unit("甲局", "3.00"), unit("甲中心", "1.00"), unit("乙中心", "2.00")]
    assert flat_below(schemas, "revenue_by_unit", *same) == [None, 0, 1, 1]
    assert flat_below(schemas, "revenue_by_unit", same[0], unit("甲局", "2.00"), same[2]) == [None, 0, 0]
    assert flat_below(schemas, "revenue_by_unit", *same[:2]) == [None, 0]
    assert flat_below(schemas, "revenue_by_unit", *same[1:], same[0]) == [3, 3, 3, None]


def test_two_classifications_in_one_table_are_two_lists(schemas: Schemas) -> None:
    def economic(code: str) -> Written:
        return {"dep_bgt_eco_code": code, "dep_bgt_eco_name": "工资福利支出", "total": "1.00"}

    def lists(*written: Written) -> list[tuple[str | None, list[int]]]:
        own = evidence(schemas, {"expenditure_by_function_and_economy": written})
        found = classified(
            own.datasets["expenditure_by_function_and_economy"], own.rows["expenditure_by_function_and_economy"]
        )
        return [(dataset.code, [row.number for row in rows]) for dataset, rows in found]

    assert [rows for _, rows in lists(code("208"), code("20805"), economic("301"), economic("30101"))] == [
        [1, 2],
        [3, 4],
    ]
    assert [rows for _, rows in lists(code("208"), {**code("20805"), **economic("301")})] == [[1, 2]]
    assert [rows for _, rows in lists(code("208"), code("20805"))] == [[1, 2]]


def test_rows_that_others_stand_below_are_told_from_those_that_are_listed(schemas: Schemas) -> None:
    written = [name("合计"), code("208"), code("20805"), code("2080501"), code("210")]
    own = evidence(schemas, {"expenditure": written})
    dataset, rows = own.datasets["expenditure"], own.rows["expenditure"]

    def numbers(found: Sequence[Row]) -> list[int]:
        return [row.number for row in found]

    assert numbers(listed_rows(rows, dataset, own)) == [4, 5]
    assert numbers([row for row in rows if id(row) in heads(rows, dataset, own)]) == [1, 2, 3]


def nesting(schemas: Schemas, *codes: str) -> list[int | None]:
    """The rows that are told."""
    return [check.row for check in checked(schemas, {"revenue": [code(one) for one in codes]}, "class-nesting")]


def test_a_class_that_is_lost_is_told_at_the_row_that_lacks_it(schemas: Schemas) -> None:
    whole = ("208", "20805", "2080501", "210", "21011", "2101101")
    assert nesting(schemas, *whole) == []
    assert nesting(schemas, *whole[:4], "2101101") == [5]
    assert nesting(schemas, *whole[:2], *whole[3:]) == [2]  # a class without a row below it
    assert nesting(schemas, *whole[1:]) == [1]
    assert nesting(schemas, "2080501", "2101101") == []  # it prints no classes


def test_a_class_that_is_printed_twice_needs_no_row_below_it(schemas: Schemas) -> None:
    whole = ("208", "20805", "2080501", "210", "21011", "2101101", "221", "22102", "2210201")
    assert nesting(schemas, *whole, "229", "229") == []
    assert nesting(schemas, *whole, "224", "224", "22401", "2240101") == []
