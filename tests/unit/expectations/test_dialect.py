"""Great Expectations can read DuckDB only through the validation dialect."""

from __future__ import annotations

import duckdb
import pytest
import sqlalchemy as sa

from expectations.dialect import DIALECT_NAME, register_dialect


@pytest.fixture
def engine(tmp_path):
    path = tmp_path / "some.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table thing as select range as i from range(5)")
    register_dialect()
    engine = sa.create_engine(f"{DIALECT_NAME}:///{path}", connect_args={"read_only": True})
    yield engine
    engine.dispose()


def test_a_result_outlives_the_return_of_its_connection(engine):
    with engine.connect() as connection:
        result = connection.execute(sa.text("select i from thing order by i")).cursor
        connection.rollback()
        assert [row[0] for row in result.fetchall()] == [0, 1, 2, 3, 4]


def test_it_cannot_write(engine):
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.text("insert into thing values (6)"))


def test_dispose_lets_go_of_the_file(engine, tmp_path):
    with engine.connect() as connection:
        connection.execute(sa.text("select 1")).fetchall()
    engine.dispose()
    with duckdb.connect(str(tmp_path / "some.duckdb")) as connection:
        connection.execute("insert into thing values (6)")
