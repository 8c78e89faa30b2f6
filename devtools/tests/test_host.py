"""Getting the host: a download that fails, half of one, ODOO_HOME."""

import json

import pytest

from devtools import host as hosts
from devtools.apt import DEBIAN_MIRROR, Apt
from devtools.errors import DevError
from devtools.host import PACKAGES, PYTHON_FOLDER, RECORD, dangling_links, ensure_host, host_at

RELEASE = "version_info = (19, 0, 0, FINAL, 0, '')\n"
#: unpacks like dpkg-deb: the odoo package holds what is checked, the others nothing
UNPACK = f"""
root="$3/{PYTHON_FOLDER}"
case "$2" in *odoo-19*)
  mkdir -p "$root/odoo/addons/base" "$root/odoo/addons/web/static/lib/jquery"
  echo "version_info = (19, 0, 0, FINAL, 0, '')" > "$root/odoo/release.py"
  touch "$root/odoo/addons/base/__manifest__.py"
  echo x > "$root/odoo/addons/web/static/lib/jquery/jquery.js"
  EXTRA;;
esac
exit 0
"""
#: downloads like apt-get: an empty file for each package
DOWNLOAD = """
found=
for word in "$@"; do
  case "$word" in download) found=1; continue;; esac
  if [ -n "$found" ]; then touch "${word%/*}_1.0_all.deb"; fi
done
"""


@pytest.fixture(autouse=True)
def no_odoo_home(monkeypatch):
    """Nothing of the user's own settings."""
    monkeypatch.delenv("ODOO_HOME", raising=False)
    monkeypatch.delenv("DEV_DEBIAN_MIRROR", raising=False)


def test_download_unpack_and_record(paths, program):
    program("apt-get", DOWNLOAD)
    program("dpkg-deb", UNPACK.replace("EXTRA", ":"))
    host = ensure_host(paths)
    assert host.python_folder == paths.host / PYTHON_FOLDER
    assert "odoo-19_1.0_all" in host.version
    record = json.loads((paths.host / RECORD).read_text())
    assert {name.partition("_")[0] for name in record["all"]} == set(PACKAGES)
    empty = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    assert (host.python_folder / empty).read_bytes() == b""


def test_no_network_is_one_sentence_and_leaves_nothing(paths, program):
    said = "Err: Temporary failure resolving 'mirror'"
    program("apt-get", f'echo "{said}"; exit 100')
    program("dpkg-deb", "exit 0")
    with pytest.raises(
        DevError, match=r"^No network: the packages of Odoo could not be downloaded"
    ):
        ensure_host(paths)
    assert not paths.host.exists()


def test_a_failed_download_is_tried_again(paths, program, tmp_path):
    once = f'if [ ! -e {tmp_path}/failed ]; then touch {tmp_path}/failed; echo "404"; exit 100; fi'
    program("apt-get", once + DOWNLOAD)
    program("dpkg-deb", UNPACK.replace("EXTRA", ":"))
    assert ensure_host(paths).version.startswith("19.0")


def test_a_full_disk_is_one_sentence_and_leaves_nothing(paths, program):
    program("apt-get", DOWNLOAD)
    program("dpkg-deb", 'echo "cannot write: No space left on device"; exit 2')
    with pytest.raises(DevError, match="disk is full"):
        ensure_host(paths)
    assert not list(paths.dev.glob("host*"))


def test_what_an_interrupted_unpacking_left_is_replaced(paths, program):
    program("apt-get", DOWNLOAD)
    program("dpkg-deb", UNPACK.replace("EXTRA", ":"))
    (paths.dev / "host.unpacking.123").mkdir()
    (paths.host / "usr").mkdir(parents=True)  # no record: never finished
    ensure_host(paths)
    assert (paths.host / RECORD).exists()
    assert not list(paths.dev.glob("host.unpacking.*"))


def test_a_link_to_nowhere_is_refused(paths, program):
    program("apt-get", DOWNLOAD)
    program("dpkg-deb", UNPACK.replace("EXTRA", 'ln -s ../gone "$root/odoo/addons/web/font.ttf"'))
    with pytest.raises(DevError, match="font.ttf"):
        ensure_host(paths)
    assert not paths.host.exists()


def test_neither_debian_nor_odoo_home(paths, program, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DevError, match="neither Debian nor Ubuntu.*ODOO_HOME"):
        ensure_host(paths)


def test_odoo_home_is_used_as_it_is(paths, monkeypatch, tmp_path):
    home = tmp_path / "odoo"
    for name in (
        "odoo/release.py",
        "odoo/addons/base/__manifest__.py",
        "addons/web/__manifest__.py",
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(RELEASE)
    monkeypatch.setenv("ODOO_HOME", str(home))
    host = ensure_host(paths)
    assert host.python_folder == home
    assert host.addons == (home / "addons", home / "odoo/addons")


@pytest.mark.parametrize(
    "release", [None, "version_info = (18, 0, 0, FINAL, 0, '')", "version_info = ('saas~18', 4, 0)"]
)
def test_odoo_home_that_is_no_odoo_19(tmp_path, release):
    if release:
        (tmp_path / "odoo").mkdir()
        (tmp_path / "odoo/release.py").write_text(release)
    with pytest.raises(DevError, match="is no Odoo 19.0"):
        host_at(tmp_path)


def test_dangling_links(tmp_path):
    (tmp_path / "good").symlink_to(tmp_path)
    (tmp_path / "bad").symlink_to("nowhere")
    assert dangling_links(tmp_path) == [tmp_path / "bad"]


@pytest.mark.parametrize(
    ("release", "sources", "expected"),
    [
        (
            "ID=debian\n",
            "Types: deb\nURIs: https://mirror.example/debian\n",
            "https://mirror.example/debian",
        ),
        ("ID=debian\n", "deb [a=b] http://m.example/debian/ sid main\n", "http://m.example/debian"),
        ("ID=debian\n", "# deb http://m.example/debian sid main\n", DEBIAN_MIRROR),
        ("ID=ubuntu\nID_LIKE=debian\n", "deb http://m.example/debian sid main\n", DEBIAN_MIRROR),
    ],
)
def test_the_machines_own_mirror(tmp_path, release, sources, expected):
    (tmp_path / "apt/sources.list.d").mkdir(parents=True)
    (tmp_path / "os-release").write_text(release)
    (tmp_path / "apt/sources.list.d/some.sources").write_text(sources)
    assert Apt(tmp_path / "a", None, etc=tmp_path).mirror() == expected


def test_without_debians_keys_they_come_from_the_machines_archive(paths, program, tmp_path):
    program("apt-get", DOWNLOAD)
    program(
        "dpkg-deb",
        'mkdir -p "$3/usr/share/keyrings"\n'
        'touch "$3/usr/share/keyrings/debian-archive-keyring.gpg"',
    )
    none = tmp_path / "none.gpg"
    apt = Apt(paths.dev / "apt", paths.log / "apt.log", etc=tmp_path, keyring=none)
    apt.fetch(["odoo-19/sid"])
    source = (paths.dev / "apt/sources.list").read_text()
    assert f"signed-by={paths.dev}/apt/keyring/usr/share/keyrings" in source
    assert f",{paths.dev}/apt/keyring-new/usr/share/keyrings" in source


def test_waiting_processes_download_once(paths, program, monkeypatch):
    program("apt-get", DOWNLOAD)
    program("dpkg-deb", UNPACK.replace("EXTRA", ":"))
    ensure_host(paths)
    monkeypatch.setattr(hosts, "download", lambda _paths: pytest.fail("downloaded twice"))
    ensure_host(paths)
