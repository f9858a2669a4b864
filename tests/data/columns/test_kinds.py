import datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from chainrule.data.columns.kinds import kind_of

DAY = datetime.date(2020, 1, 1)


@pytest.mark.parametrize(
    ("values", "dtype", "kind"),
    [
        ([1, 2], None, "number"),
        ([1.5, None], None, "number"),
        ([True, False], None, "number"),
        ([True, None], None, "number"),
        ([1, None], "Int64", "number"),
        ([True, None], "boolean", "number"),
        ([None, None], object, "number"),
        ([Decimal(1), None], None, "number"),
        ([10**30, 1], object, "number"),
        ([1, 2.5], object, "number"),
        (["a", None], None, "text"),
        (["a", None], object, "text"),
        (["a", 1], object, "text"),
        (["a", 1.5, True], object, "text"),
        ([1, 2], "category", "text"),
        ([datetime.time(12)], None, "text"),
        ([DAY, None], None, "date"),
        ([DAY], "datetime64[s]", "date"),
        ([datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)], None, "date"),
        ([datetime.timedelta(1)], None, "date"),
        ([[1], [2]], None, "unsupported"),
        ([{"a": 1}, None], None, "unsupported"),
        ([b"a"], None, "unsupported"),
        ([1j], None, "unsupported"),
        (["a", [1]], object, "unsupported"),
    ],
)
def test_the_kind_of_a_column(values: list[Any], dtype: Any, kind: str) -> None:
    assert kind_of(pd.Series(values, dtype=dtype)) == kind
