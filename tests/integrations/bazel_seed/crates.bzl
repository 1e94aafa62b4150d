# SPDX-License-Identifier: MIT
"""Tokio and what it needs, of Debian's librust-tokio-dev."""

# A crate: its dependencies, and what cargo and its build script would tell rustc.
_CRATES = {
    "bytes": ([], ['feature="std"']),
    "cfg-if": ([], []),
    "libc": ([], ['feature="%s"' % feature for feature in ["extra_traits", "std"]] + [
        "libc_%s" % what
        for what in [
            "align",
            "cfg_target_vendor",
            "const_extern_fn",
            "const_size_of",
            "core_cvoid",
            "int128",
            "non_exhaustive",
            "packedN",
            "priv_mod_use",
            "ptr_addr_of",
            "underscore_const_names",
            "union",
        ]
    ]),
    "log": (["cfg-if"], ["atomic_cas", "has_atomics"]),
    "memchr": ([], ['feature="std"']),
    "mio": (["libc", "log"], ['feature="%s"' % feature for feature in ["net", "os-ext", "os-poll"]]),
    "num_cpus": (["libc"], []),
    "pin-project-lite": ([], []),
    "socket2": (["libc"], ['feature="all"']),
    "tokio": (
        ["bytes", "libc", "memchr", "mio", "num_cpus", "pin-project-lite", "socket2"],
        ['feature="%s"' % feature for feature in [
            "bytes",
            "io-util",
            "libc",
            "memchr",
            "mio",
            "net",
            "num_cpus",
            "rt",
            "rt-multi-thread",
            "socket2",
            "sync",
            "time",
        ]],
    ),
}

_LIBRARY = """
rust_library(
    name = {name},
    srcs = glob([{folder} + "/src/**/*.rs"]),
    crate_name = {crate},
    edition = {edition},
    rustc_flags = {flags},
    deps = {deps},
    visibility = ["//visibility:public"],
)
"""

_MIMALLOC = """
cc_library(
    name = "mimalloc",
    srcs = ["mimalloc/src/static.c"],
    hdrs = glob(["mimalloc/include/**"]),
    copts = ["-O3", "-fPIC", "-DNDEBUG", "-w"],
    includes = ["mimalloc/include"],
    linkstatic = True,
    textual_hdrs = glob(["mimalloc/src/**/*.c", "mimalloc/src/**/*.h"]),
    visibility = ["//visibility:public"],
)
"""

def _repository(ctx):
    build = 'load("@rules_cc//cc:cc_library.bzl", "cc_library")\n'
    build += 'load("@rules_rust//rust:defs.bzl", "rust_library")\n'
    registry = {path.basename: path for path in ctx.path(ctx.os.environ["CRATES"]).readdir()}
    for name, (deps, settings) in _CRATES.items():
        [folder] = [key for key in registry if key.rpartition("-")[0] == name]
        ctx.symlink(registry[folder], folder)
        old = 'edition = "' not in ctx.read(registry[folder].get_child("Cargo.toml"))
        build += _LIBRARY.format(
            name = repr(name),
            crate = repr(name.replace("-", "_")),
            folder = repr(folder),
            edition = repr("2015" if old else "2018"),
            flags = repr(["--cfg=" + setting for setting in settings] + ["--cap-lints=allow"]),
            deps = repr([":" + dep for dep in deps]),
        )
    ctx.symlink(ctx.os.environ["MIMALLOC"], "mimalloc")
    ctx.file("BUILD.bazel", build + _MIMALLOC)

debian_crates = repository_rule(
    implementation = _repository,
    environ = ["CRATES", "MIMALLOC"],
)
