"""The head of a bench table: how the interpreter was built, without folders of this machine."""

from __future__ import annotations

import sysconfig

from bench.machine import SLOWER, build_of, head


def test_a_build_without_optimisation_says_so() -> None:
    build = build_of({"CONFIG_ARGS": "'--enable-shared'", "OPT": "-DNDEBUG -O3", "HAVE_COMPUTED_GOTOS": 1})
    assert (build.profiled, build.linked, build.gotos, build.debug, build.level) == (False, False, True, False, "-O3")
    assert SLOWER in build.lines()


def test_a_full_build_is_one_line_that_names_what_was_on() -> None:
    build = build_of(
        {
            "CONFIG_ARGS": "'--enable-optimizations' '--with-lto=full' '--with-computed-gotos'",
            "PY_CFLAGS": "-O2 -O3",
            "USE_COMPUTED_GOTOS": 1,
        }
    )
    (line,) = build.lines()
    assert "configure --enable-optimizations --with-lto=full --with-computed-gotos" in line
    assert "-O3; profile-guided yes, LTO yes, computed gotos yes, debug no" in line


def test_what_was_switched_off_is_off() -> None:
    off = build_of({"CONFIG_ARGS": "--with-lto=no --without-computed-gotos", "HAVE_COMPUTED_GOTOS": 1, "Py_DEBUG": 1})
    assert (off.linked, off.gotos, off.debug) == (False, False, True)


def test_an_interpreter_that_tells_nothing_of_its_build_still_has_a_line() -> None:
    assert build_of({}).lines()[0].startswith("interpreter: configure none; no -O; profile-guided no")


def test_the_head_names_no_folder_of_this_machine() -> None:
    build = build_of({"CONFIG_ARGS": "'--prefix=/some/where' 'LDFLAGS=-L/some/where/lib' '--enable-shared'"})
    assert build.options == ("--enable-shared",)
    assert str(sysconfig.get_config_var("prefix")) not in head()
