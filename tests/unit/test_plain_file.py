"""Files an operator puts in place: only regular ones are read, never too much, and nothing is waited for."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from app.plain_file import PlainFileError, read_plain

MOST = 100


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _link_to_fifo(path: Path) -> None:
    os.mkfifo(path.with_name("pijp"))
    path.symlink_to("pijp")


STRANGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a FIFO": (os.mkfifo, "is a FIFO"),
    "a link to a FIFO": (_link_to_fifo, "is a FIFO"),
    "a folder": (Path.mkdir, "is a folder"),
    "a socket": (_socket, "is a socket"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "outside its folder"),
    "a link to a file elsewhere": (lambda path: path.symlink_to("/etc/passwd"), "outside its folder"),
    "a link up and out": (lambda path: path.symlink_to("../buiten"), "outside its folder"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be read"),
    "a link to nowhere": (lambda path: path.symlink_to("nergens"), "No such file"),
    "nothing": (lambda _: None, "No such file"),
    "too much": (lambda path: path.write_bytes(b"x" * (MOST + 1)), "larger than 100 bytes"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_anything_but_a_regular_file_inside_the_folder_is_refused_by_what_it_is(tmp_path: Path, name: str) -> None:
    make, says = STRANGE[name]
    folder = tmp_path / "map"
    folder.mkdir()
    (tmp_path / "buiten").write_bytes(b"geheim")
    make(folder / "bestand")
    with pytest.raises(PlainFileError, match=says) as fault:
        read_plain(folder / "bestand", MOST, folder)
    assert "geheim" not in str(fault.value)


def test_regular_files_are_read_also_through_links_inside_the_folder(tmp_path: Path) -> None:
    """As Kubernetes mounts a ConfigMap: a link to a file in a folder that is a link itself."""
    folder = tmp_path / "map"
    (folder / "..2026").mkdir(parents=True)
    (folder / "..2026" / "bestand").write_bytes(b"x" * MOST)
    (folder / "..data").symlink_to("..2026")
    (folder / "bestand").symlink_to("..data/bestand")
    (tmp_path / "ook").symlink_to(folder)
    for root in (folder, tmp_path / "ook"):
        assert read_plain(root / "bestand", MOST, root) == b"x" * MOST


def test_without_a_folder_a_link_may_lead_anywhere_but_not_to_a_device(tmp_path: Path) -> None:
    (tmp_path / "sleutels").write_bytes(b"ja")
    (tmp_path / "link").symlink_to(tmp_path / "sleutels")
    assert read_plain(tmp_path / "link", MOST) == b"ja"
    with pytest.raises(PlainFileError, match="is a device"):
        read_plain(Path("/dev/zero"), MOST)
