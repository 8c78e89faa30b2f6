"""A real server: starting, sharing, crashing, being somebody else's."""

import contextlib
import os
import signal
import subprocess
import types

import psycopg2
import pytest

from devtools import postgres as pg
from devtools.database import Databases
from devtools.errors import DevError
from devtools.paths import SOCKET_FOLDER_LIMIT, Paths
from devtools.process import group_alive, wait_for


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone whose server is made once for these tests."""
    paths = Paths(tmp_path_factory.mktemp("clone"))
    cluster = pg.Cluster(paths)
    cluster.start()
    cluster.leave()
    return paths


@pytest.fixture(autouse=True)
def no_pghost(monkeypatch):
    """Nothing of the settings that these tests run with."""
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)


def pid_of(paths):
    """:return: the server's process id from its file, None when there is no file"""
    file = paths.dev / "postgres/postmaster.pid"
    return int(file.read_text().split()[0]) if file.exists() else None


def test_it_stops_with_its_last_user(clone):
    with pg.postgres(clone) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT lower('ŁÓDŹ'), version()")
        assert cursor.fetchone()[0] == "łódź"
        with pg.postgres(clone):
            pass
        cursor.execute("SELECT 1")
    assert pid_of(clone) is None


def test_words_of_any_script_can_be_searched(clone):
    with pg.postgres(clone) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        cursor.execute("SELECT show_trgm('注文'), unaccent('żółć')")
        trigrams, plain = cursor.fetchone()
    assert trigrams
    assert plain == "zolc"


def test_after_a_crash_it_starts_again(clone):
    cluster = pg.Cluster(clone)
    cluster.start()
    os.kill(pid_of(clone), signal.SIGKILL)
    cluster.users.close()
    with pg.postgres(clone) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_server_left_over_is_used_and_stopped(clone):
    left = pg.Cluster(clone)
    left.start()
    left.users.close()  # as if its ./dev had been killed
    before = pid_of(clone)
    with pg.postgres(clone):
        assert pid_of(clone) == before
    assert pid_of(clone) is None


def test_a_pid_file_that_names_a_stranger_is_ignored(clone):
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (clone.dev / "postgres/postmaster.pid").write_text(f"{stranger.pid}\n/nowhere\n")
        with pg.postgres(clone) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_cluster_is_made_again(tmp_path):
    paths = Paths(tmp_path)
    (paths.dev / "postgres.making/base").mkdir(parents=True)
    with pg.postgres(paths) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_the_sockets_of_a_long_path_are_elsewhere(tmp_path):
    deep = Paths(tmp_path / ("x" * 60) / ("y" * 60))
    assert len(os.fsencode(deep.sockets)) <= SOCKET_FOLDER_LIMIT
    assert deep.sockets != Paths(tmp_path / ("x" * 60) / ("z" * 60)).sockets
    with pg.postgres(deep) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_two_clones_have_servers_of_their_own(clone, tmp_path):
    with pg.postgres(clone) as one, pg.postgres(Paths(tmp_path)) as two:
        assert one.host != two.host


# a server of somebody else


@contextlib.contextmanager
def as_pghost(clone, monkeypatch, user="odoo"):
    """The clone's server as one that PGHOST names."""
    with pg.postgres(clone) as connection:
        monkeypatch.setenv("PGHOST", connection.host)
        monkeypatch.setenv("PGPORT", str(connection.port))
        monkeypatch.setenv("PGUSER", user)
        yield connection


def test_pghost_is_used_with_names_of_the_clones_own(clone, tmp_path, monkeypatch):
    with as_pghost(clone, monkeypatch):
        one, two = Paths(tmp_path / "one"), Paths(tmp_path / "two")
        with pg.postgres(one) as first, pg.postgres(two) as second:
            assert first.name("demo") != second.name("demo")
            assert one.digest in first.name("demo")
            assert not (one.dev / "postgres").exists()


def test_pghost_that_does_not_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    with pytest.raises(DevError, match=r"127\.0\.0\.1:1 cannot be reached .* unset PGHOST"):
        pg.external(Paths(tmp_path))


def test_the_user_postgres_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGUSER", "postgres")
    with pytest.raises(DevError, match="Odoo refuses to work as the database user postgres"):
        pg.external(Paths(tmp_path))


def test_an_old_postgresql_is_refused(clone, tmp_path, monkeypatch):
    monkeypatch.setattr(pg, "OLDEST", 99)
    with (
        as_pghost(clone, monkeypatch),
        pytest.raises(DevError, match="is version 18 and Odoo 19 needs 99"),
    ):
        pg.external(Paths(tmp_path))


def test_missing_contrib_modules_are_named(clone, tmp_path, monkeypatch):
    monkeypatch.setattr(pg, "EXTENSIONS", ("pg_trgm", "no_such_module"))
    with (
        as_pghost(clone, monkeypatch),
        pytest.raises(DevError, match="lacks no_such_module: install its contrib"),
    ):
        pg.external(Paths(tmp_path))


def test_a_user_who_may_not_create_databases(clone, tmp_path, monkeypatch):
    with as_pghost(clone, monkeypatch, user="poor") as connection:
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE poor LOGIN")
        with pytest.raises(DevError, match="may not create databases"):
            pg.external(Paths(tmp_path))


# databases


@pytest.fixture
def databases(clone):
    """The databases of a clone, without a host."""
    with pg.postgres(clone) as connection:
        yield Databases(types.SimpleNamespace(paths=clone, connection=connection))


def create(databases, name):
    """Make a database with a filestore."""
    with databases.connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    databases.filestore(name).mkdir(parents=True)
    (databases.filestore(name) / "file").write_text(name)


def test_a_copy_has_its_own_files_and_goes_with_them(databases):
    create(databases, "source")
    databases.copy("source", "target")
    assert (databases.filestore("target") / "file").read_text() == "source"
    databases.drop("target")
    assert not databases.exists("target")
    assert not databases.filestore("target").exists()
    databases.rename("source", "renamed")
    assert (databases.filestore("renamed") / "file").exists()
    databases.drop("renamed")


def test_what_a_killed_run_left_is_dropped_and_what_is_held_is_not(databases):
    create(databases, "test_left")
    with databases.temporary("test") as held:
        create(databases, held)
        databases.drop_leftovers()
        assert databases.exists(held)
        assert not databases.exists("test_left")
    assert not databases.exists(held)


def test_a_full_disk_in_the_database_is_told(databases, monkeypatch):
    with pytest.raises(DevError, match="disk is full"), databases.connection.cursor():
        raise psycopg2.errors.DiskFull("could not extend file")


def test_nothing_is_left_behind(clone):
    with pg.postgres(clone):
        pid = pid_of(clone)
    assert wait_for(lambda: not group_alive(pid), 5)
