"""A document against others of the same out/: last year's of its agency, and the units of a department."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stored import files, table, write

from extract.checks.between import KINDS
from extract.model.report import Report, Row, Spot, Statement
from extract.schemas.grammar import Schemas

in_either_layout = pytest.mark.usefixtures("either_layout")


def between(out: Path, schemas: Schemas) -> list[dict[str, Any]]:
    """The rows of `checks` that hold documents against each other."""
    codes = {rule.code for rule in schemas.rules if rule.kind in KINDS}
    return [row for row in table(out, "checks").to_pylist() if row["rule"] in codes]


def failing(out: Path, schemas: Schemas) -> list[dict[str, Any]]:
    return [row for row in between(out, schemas) if row["verdict"] == "fail"]


def edited(report: Report, dataset: str, number: int, edit: Callable[[Row], Row]) -> Report:
    rows = tuple(edit(row) if row.number == number else row for row in report.rows[dataset])
    return replace(report, rows={**report.rows, dataset: rows})


def more(column: str, by: str) -> Callable[[Row], Row]:
    def edit(row: Row) -> Row:
        fact = row.facts[column]
        assert fact.amount is not None
        return row._replace(facts={**row.facts, column: fact._replace(amount=fact.amount + Decimal(by))})

    return edit


class TestYears:
    @in_either_layout
    def test_two_years_of_one_agency_agree(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
    ) -> None:
        write(tmp_path, schemas, [sample_reports["2025"], sample_reports["2026"]])
        found = between(tmp_path, schemas)
        assert len(found) >= 10
        assert {row["verdict"] for row in found} <= {"exact", "not_applicable"}
        assert {row["document_id"] for row in found} == {sample_reports["2026"].document_id}

    def test_a_table_that_prints_no_row_for_last_year_contradicts_nothing(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
    ) -> None:
        report = sample_reports["2026"]
        own = tuple(row for row in report.rows["three_public_expenses"] if row.values["budget_year"] == 2026)
        only = replace(report, rows={**report.rows, "three_public_expenses": own})
        write(tmp_path, schemas, [sample_reports["2025"], only])
        assert failing(tmp_path, schemas) == []

    @in_either_layout
    def test_it_does_not_matter_in_which_run_the_years_came(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
    ) -> None:
        write(tmp_path / "one", schemas, [*sample_reports.values()])
        for year in ("2026", "2024", "2025", "2026"):
            write(tmp_path / "other", schemas, [sample_reports[year]])
        one, other = (between(tmp_path / name, schemas) for name in ("one", "other"))
        assert one == other
        assert {row["fiscal_year"] for row in one} == {2025, 2026}

    @in_either_layout
    def test_a_restatement_of_last_year_is_found_and_names_both_documents(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
    ) -> None:
        earlier = sample_reports["2025"]
        restated = edited(sample_reports["2026"], "three_public_expenses", 1, more("reception", "0.50"))
        write(tmp_path, schemas, [earlier])
        write(tmp_path, schemas, [restated])
        [failure] = failing(tmp_path, schemas)
        assert (failure["rule"], failure["difference"]) == ("years-three-public-reception", Decimal("0.50"))
        assert (
            failure["facts"]
            == f"three_public_expenses:1:reception {earlier.document_id}/three_public_expenses:2:reception"
        )

    def test_the_status_of_neither_document_is_touched(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
    ) -> None:
        changed = edited(sample_reports["2026"], "three_public_expenses", 1, more("reception", "0.50"))
        write(tmp_path, schemas, [sample_reports["2025"], changed])
        documents = table(tmp_path, "documents").to_pylist()
        assert [row["status"] for row in documents] == ["failed", "verified"]  # the 2025 sample contradicts itself

    @in_either_layout
    def test_a_check_goes_with_the_document_that_it_was_made_with(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
    ) -> None:
        write(tmp_path, schemas, [sample_reports["2025"], sample_reports["2026"]])
        write(tmp_path, schemas, [replace(sample_reports["2025"], document_type="单位决算")])
        assert not between(tmp_path, schemas)

    @pytest.mark.parametrize(("by", "found"), [("-10", True), ("-0.05", True), ("-0.02", False)])
    def test_a_stated_change_that_is_not_the_difference_of_the_years_is_found(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report], by: str, found: bool
    ) -> None:
        """It may be that of two figures that were rounded first."""
        earlier = edited(sample_reports["2025"], "revenue_and_expenditure", 14, more("amount", by))
        write(tmp_path, schemas, [earlier, sample_reports["2026"]])
        assert ("years-budget-change" in {row["rule"] for row in failing(tmp_path, schemas)}) is found

    @pytest.mark.parametrize(
        "change", [{"agency_name": "另一中心"}, {"document_type": "单位决算"}, {"fiscal_year": 2024}]
    )
    def test_other_agencies_years_and_kinds_of_documents_are_not_compared(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report], change: dict[str, Any]
    ) -> None:
        write(tmp_path, schemas, [replace(sample_reports["2025"], **change), sample_reports["2026"]])
        assert not between(tmp_path, schemas)

    @pytest.mark.parametrize(
        ("before", "after", "kind", "related"),
        [
            ("中国共产党甲市委员会宣传部", "中共甲市委宣传部", "部门预算", True),
            ("中共甲市委宣传部", "中共甲市委宣传部", "预算", True),
            ("中共甲市委宣传部", "中共甲市委组织部", "部门预算", False),
            ("中共甲市委宣传部", "中共甲市委宣传部", "单位预算", False),
        ],
    )
    def test_a_name_written_short_and_a_kind_that_is_not_told_are_the_same_agencys(
        self,
        tmp_path: Path,
        schemas: Schemas,
        sample_reports: dict[str, Report],
        before: str,
        after: str,
        kind: str,
        related: bool,
    ) -> None:
        earlier = replace(sample_reports["2025"], agency_name=before, document_type="部门预算")
        write(tmp_path, schemas, [earlier, replace(sample_reports["2026"], agency_name=after, document_type=kind)])
        assert bool(between(tmp_path, schemas)) is related

    def test_of_two_reports_of_last_year_none_is_taken(
        self, tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
    ) -> None:
        twin = replace(sample_reports["2025"], document_id="0" * 16, source="twin.pdf")
        write(tmp_path, schemas, [sample_reports["2025"], twin, sample_reports["2026"]])
        assert not between(tmp_path, schemas)


KIND = "general_public_class_initial_budget"


class TestStages:
    """A final account whose prose states what was budgeted, beside the budget of the year."""

    @pytest.fixture
    def budget(self, sample_reports: dict[str, Report]) -> Report:
        return sample_reports["2026"]

    def verdicts(self, out: Path, schemas: Schemas, budget: Report, *figures: tuple[str, Decimal]) -> list[str]:
        said = tuple(
            Statement(
                number, KIND, item, amount, None, Decimal(0), "万元", None, f"{item}年初预算为", Spot(1, None, "")
            )
            for number, (item, amount) in enumerate(figures, 1)
        )
        final = replace(
            budget, document_id="3" * 16, source="final.pdf", document_type="单位决算", rows={}, statements=said
        )
        write(out, schemas, [budget, final])
        found = between(out, schemas)
        assert {row["document_id"] for row in found} <= {final.document_id}
        return [row["verdict"] for row in found]

    def named(self, budget: Report) -> tuple[str, Decimal]:
        """A class of the budget in the words of prose, and its amount."""
        rows = {str(row.values.get("exp_func_code")): row for row in budget.rows["general_public_expenditure"]}
        names = {code: row.values.get("exp_func_name") for code, row in rows.items()}
        code = next(code for code in rows if len(code) == 7)
        amount = rows[code].facts["total"].amount
        assert amount
        return f"{names[code[:3]]}（类）{names[code[:5]]}（款）{names[code]}（项）", amount

    @in_either_layout
    def test_what_the_final_account_calls_the_budget_is_what_the_budget_prints(
        self, tmp_path: Path, schemas: Schemas, budget: Report
    ) -> None:
        item, amount = self.named(budget)
        assert self.verdicts(tmp_path / "same", schemas, budget, (item, amount)) == ["exact"]
        assert self.verdicts(tmp_path / "other", schemas, budget, (item, amount + 100)) == ["fail"]

    def test_a_class_that_the_budget_does_not_print_or_that_was_budgeted_elsewhere_contradicts_nothing(
        self, tmp_path: Path, schemas: Schemas, budget: Report
    ) -> None:
        item, _ = self.named(budget)
        elsewhere = "国防支出（类）国防动员（款）兵役征集（项）"
        assert self.verdicts(tmp_path, schemas, budget, (item, Decimal(0)), (elsewhere, Decimal(7))) == []

    @pytest.mark.parametrize(
        "change", [{"agency_name": "另一中心"}, {"fiscal_year": 2025}, {"document_type": "部门预算"}]
    )
    def test_the_budget_of_another_agency_year_or_edition_is_not_meant(
        self, tmp_path: Path, schemas: Schemas, budget: Report, change: dict[str, Any]
    ) -> None:
        final = replace(budget, document_id="3" * 16, source="final.pdf", document_type="单位决算")
        write(tmp_path, schemas, [replace(budget, **change), final])
        assert not between(tmp_path, schemas)


class TestUnits:
    """A department made of the sample's unit and another one: its report is the sample's with every amount doubled."""

    @pytest.fixture
    def reports(self, sample_reports: dict[str, Report]) -> dict[str, Report]:
        unit = sample_reports["2026"]
        other = replace(unit, document_id="1" * 16, source="other.pdf", agency_name="澜州市城市公园管理中心")
        listed = f"1.{unit.agency_name}（本级）\n2.澜州市城市公园管理中心"
        whole = replace(
            doubled(unit),
            document_id="2" * 16,
            source="whole.pdf",
            agency_name="澜州市园林绿化局",
            document_type="部门预算",
            organisation=listed,
        )
        return {"unit": unit, "other": other, "department": whole}

    @in_either_layout
    def test_a_department_is_the_sum_of_its_units(
        self, tmp_path: Path, schemas: Schemas, reports: dict[str, Report]
    ) -> None:
        write(tmp_path, schemas, [*reports.values()])
        found = {row["rule"]: row["verdict"] for row in between(tmp_path, schemas)}
        assert {
            "units-revenue",
            "units-fiscal-appropriation",
            "units-basic",
            "units-project",
            "units-three-public",
        } <= found.keys()
        assert set(found.values()) == {"exact"}

    @in_either_layout
    def test_it_does_not_matter_in_which_run_a_unit_came_or_changed(
        self, tmp_path: Path, schemas: Schemas, reports: dict[str, Report]
    ) -> None:
        changed = edited(reports["other"], "expenditure", 1, more("project", "7"))
        for report in (reports["department"], reports["unit"], reports["other"], changed):
            write(tmp_path / "one by one", schemas, [report])
        write(tmp_path / "at once", schemas, [reports["unit"], reports["department"], changed])
        assert len(failing(tmp_path / "one by one", schemas)) == 1
        assert files(tmp_path / "one by one") == files(tmp_path / "at once")
        elsewhere = replace(changed, agency_name="澜州市另一单位")
        write(tmp_path / "one by one", schemas, [elsewhere])
        assert not failing(tmp_path / "one by one", schemas)

    def test_a_department_that_is_not_the_sum_of_its_units_is_found_and_names_their_numbers(
        self, tmp_path: Path, schemas: Schemas, reports: dict[str, Report]
    ) -> None:
        changed = edited(reports["other"], "expenditure", 1, more("project", "7"))
        write(tmp_path, schemas, [reports["unit"], changed, reports["department"]])
        [failure] = failing(tmp_path, schemas)
        assert (failure["rule"], failure["difference"], failure["agency_name"]) == (
            "units-project",
            Decimal("-7"),
            "澜州市园林绿化局",
        )
        assert failure["facts"].split() == [
            "expenditure:1:project",
            *(f"{reports[name].document_id}/expenditure:1:project" for name in ("unit", "other")),
        ]

    def test_a_unit_that_is_named_in_two_ways_counts_once(
        self, tmp_path: Path, schemas: Schemas, reports: dict[str, Report]
    ) -> None:
        """In a table of units too, there with full-width brackets."""
        other = replace(reports["other"], agency_name="澜州市第一小学（北校区）")
        listed = f"1.{reports['unit'].agency_name}\n2.澜州市第一小学（北校区）"
        rows = tuple(
            Row(number, 1, {"unit_code": f"45800{number}", "unit_name": name}, {})
            for number, name in enumerate([reports["unit"].agency_name, other.agency_name], 1)
        )
        whole = replace(
            reports["department"], organisation=listed, rows={**reports["department"].rows, "revenue_by_unit": rows}
        )
        write(tmp_path, schemas, [reports["unit"], other, whole])
        verdicts = Counter((row["rule"], row["verdict"]) for row in between(tmp_path, schemas))
        assert verdicts["units-basic", "exact"] == verdicts["units-three-public", "exact"] == 1
        assert verdicts["units-revenue-row", "fail"] == 2  # its rows print no amount

    @in_either_layout
    def test_units_whose_reports_are_not_there_are_named(
        self, tmp_path: Path, schemas: Schemas, reports: dict[str, Report]
    ) -> None:
        write(tmp_path, schemas, [reports["unit"], reports["department"]])
        found = between(tmp_path, schemas)
        assert {row["verdict"] for row in found} == {"no_evidence"}
        assert all("澜州市城市公园管理中心" in row["message"] for row in found)

    def test_a_row_of_a_table_of_units_is_held_against_the_unit_alone(
        self, tmp_path: Path, schemas: Schemas, reports: dict[str, Report]
    ) -> None:
        unit, department = reports["unit"], reports["department"]
        total = next(row for row in unit.rows["revenue_and_expenditure"] if row.values["item"] == "收入总计").facts[
            "amount"
        ]
        named = {"unit_code": "458001", "unit_name": unit.agency_name}

        def with_row(amount: Decimal | None) -> Report:
            fact = total._replace(dataset="revenue_by_unit", row=1, column="total", amount=amount)
            return replace(
                department,
                organisation=None,
                rows={"revenue_by_unit": (Row(1, 1, {**named, "total": amount}, {"total": fact}),)},
            )

        assert total.amount
        write(tmp_path, schemas, [unit, with_row(total.amount)])
        assert {row["rule"]: row["verdict"] for row in between(tmp_path, schemas)} == {"units-revenue-row": "exact"}
        write(tmp_path, schemas, [with_row(total.amount + 1)])
        assert {row["rule"]: row["verdict"] for row in between(tmp_path, schemas)} == {"units-revenue-row": "fail"}


def doubled(report: Report) -> Report:
    def twice(row: Row) -> Row:
        facts = {
            name: fact._replace(amount=None if fact.amount is None else 2 * fact.amount)
            for name, fact in row.facts.items()
        }
        return row._replace(facts=facts, values={**row.values, **{name: fact.amount for name, fact in facts.items()}})

    return replace(report, rows={name: tuple(map(twice, rows)) for name, rows in report.rows.items()})
