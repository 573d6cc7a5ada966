"""Columns of the Parquet files, each with its unit and label, and how values are stored in them."""

import json
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from sim.declarations import indicators
from sim.results.publishing import digest_of, versions
from sim.sweep.factors import Factor, declared
from sim.sweep.plan import Plan
from sim.sweep.request import Request

if TYPE_CHECKING:
    import pyarrow as pa

ABOUT = b"local-health-systems"  # key of the metadata that every file carries


def _noted(name: str, kind: "pa.DataType", unit: str, label: str) -> "pa.Field":
    import pyarrow as pa

    return pa.field(name, kind, metadata={"unit": unit, "label": label})


def _words() -> "pa.DataType":
    import pyarrow as pa

    return pa.dictionary(pa.int16(), pa.string())


def type_of(factor: Factor) -> "pa.DataType":
    import pyarrow as pa

    if factor.choices:
        return pa.bool_() if isinstance(factor.choices[0], bool) else _words()
    return pa.int64() if factor.whole else pa.float64()


def _kept(make: "Callable[[Plan], pa.Schema]") -> "Callable[[Plan], pa.Schema]":
    """Make a schema only once for each plan: chunks are many, and their columns the same."""

    @wraps(make)
    def kept(plan: Plan) -> "pa.Schema":
        if make.__name__ not in plan.schemas:
            plan.schemas[make.__name__] = make(plan)
        return plan.schemas[make.__name__]

    return kept


def about(plan: Plan) -> dict[bytes, bytes]:
    """Return what every file says about its origin: configuration, seed, versions; no time, path or name."""
    plain = {key: value for key, value in plan.identity.items() if key != "system"}
    told = {
        "configuration": digest_of(plan.identity),
        "seed": plan.request.seed,
        "versions": versions(),
        "request": plain,
        "system": digest_of(plan.identity["system"]),
        "licence": "MIT",
    }
    return {ABOUT: json.dumps(told, sort_keys=True, ensure_ascii=False).encode()}


def where_fields() -> "list[pa.Field]":
    return [
        _noted("system", _words(), "name", "local health system"),
        _noted("regime", _words(), "name", "governance regime"),
    ]


def cell_fields(plan: Plan) -> "list[pa.Field]":
    """Return the columns that describe a cell: system, regime, event and variant where they vary, and every
    factor.
    """
    fields = where_fields()
    if plan.names_event:
        fields.append(_noted("event", _words(), "name", "file of events"))
    if plan.request.variants:
        fields.append(_noted("variant", _words(), "name", "variant"))
    return [
        *fields,
        *(
            _noted(key, type_of(declared()[key]), declared()[key].unit, declared()[key].label)
            for key in plan.factors
        ),
    ]


def keys(*names: str) -> "list[pa.Field]":
    import pyarrow as pa

    labels = {
        "cell": "cell of the design; 0 is the baseline",
        "point": "point of the design, the same under every regime",
        "future": "number of the future",
        "month": "months since April 2016",
    }
    return [_noted(name, pa.int64(), "number", labels[name]) for name in names]


def cells_schema(plan: Plan) -> "pa.Schema":
    """Return the columns of the table of cells."""
    import pyarrow as pa

    return pa.schema([*keys("cell", "point"), *cell_fields(plan)], about(plan))


@_kept
def runs_schema(plan: Plan) -> "pa.Schema":
    """Return the columns of the table of runs, one row a run: which, its cell, and every kept outcome."""
    import pyarrow as pa

    found = [
        _noted(name, pa.float64(), indicators.OUTCOMES[name].unit, indicators.OUTCOMES[name].label)
        for name in plan.request.outcomes
    ]
    return pa.schema([*keys("cell", "future", "point"), *cell_fields(plan), *found], about(plan))


@_kept
def series_schema(plan: Plan) -> "pa.Schema":
    """Return the columns of the table of series, one row a run and month: the kept monthly indicators."""
    import pyarrow as pa

    found = [indicators.SYSTEM[name] for name in plan.request.series]
    columns = [
        *keys("cell", "future", "month"),
        *where_fields(),
        *(_noted(i.name, pa.float64(), i.unit, i.label) for i in found),
    ]
    return pa.schema(columns, about(plan))


def writer(path: Any, schema: "pa.Schema") -> Any:
    """Return a Parquet writer for one of these schemas; the same rows give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = [f.name for f in schema if pa.types.is_float64(f.type)]
    others = [f.name for f in schema if not pa.types.is_float64(f.type)]
    # files note their least and greatest value: reading skips what cannot match
    picked_by = [*others, *(name for name in numbers if name in declared())]
    return pq.ParquetWriter(
        path,
        schema,
        compression="lz4",
        use_dictionary=others,
        use_byte_stream_split=numbers,
        write_statistics=picked_by,
    )


# bytes in a file for each byte of a number: from 0.28 for long series to 0.78 for small files of outcomes
SHARE_OF_RAW = 0.55


def size_of_run(request: Request) -> float:
    """Estimate how many bytes a run takes on disk."""
    return 8.0 * SHARE_OF_RAW * (len(request.outcomes) + len(request.series) * len(request.months_kept))
