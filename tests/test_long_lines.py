"""Long lines of a few signs over and over, wherever they stand: a pattern that may part them in many ways would not
end.
"""

import pytest
from drawing import Area, page

from extract.document.pipeline import Knowledge, blank_report, report_of
from extract.reading.base import DEFAULT_READER, reader
from extract.reading.grids import grids

LENGTH = 400
XS, YS = [20.0, 150.0, 400.0, 600.0, 900.0], [150.0, 180.0, 210.0, 240.0]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "signs",
    [
        *("1", "1.", "1,1", "1.1111111111", "-", "·", "…", "* ", "第1页", "一、", "（一）", "（", "【1】"),
        *("其中：", "2025年", "1.1万元、", "支出1.1万元，", "增长1%，", "208教育支出（类）", "一般公共预算支出表"),
    ],
)
def test_a_line_is_understood_in_no_time_however_its_signs_may_be_parted(knowledge: Knowledge, signs: str) -> None:
    for end in ("x", "%"):
        long = (signs * LENGTH)[:LENGTH] + end
        rows = [
            ("科目编码", "科目名称", "合计", long),
            ("", long, "12.00", "7.00"),
            (long, "社会保障", "12.00", "7.00"),
        ]
        areas = [Area(r, c, r + 1, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row) if text]
        captions = [
            (long, 20.0, 20.0),
            ("部门支出总表", 300.0, 80.0),
            (long, 20.0, 100.0),
            ("单位：万元", 700.0, 120.0),
        ]
        prose = [("四、情况说明", 20.0, 50.0), (long, 20.0, 80.0), (f"本年支出{long}", 20.0, 110.0)]
        readings = [grids(page(areas, XS, YS, captions)), grids(page([], [], [], prose, 2))]
        report = report_of(blank_report("0" * 64, "drawn.pdf", reader(DEFAULT_READER)), readings, knowledge)
        assert report.status != "verified"
