# SPDX-License-Identifier: MIT
"""The extension of rules_rust, as far as a MODULE.bazel sees it, with Debian's rustc-web."""

_BUILD = """
load("@rules_rust//rust:toolchain.bzl", "rust_stdlib_filegroup", "rust_toolchain")

filegroup(
    name = "compiler",
    srcs = glob(["usr/lib/x86_64-linux-gnu/*.so*"]),
)

[
    [
        rust_stdlib_filegroup(
            name = "std_" + cpu,
            srcs = glob(["usr/lib/rustlib/%s-unknown-linux-gnu/lib/*" % cpu]),
        ),
        rust_toolchain(
            name = "rust_" + cpu,
            binary_ext = "",
            default_edition = "EDITION",
            dylib_ext = ".so",
            exec_triple = "x86_64-unknown-linux-gnu",
            rust_doc = "rustdoc",
            rust_std = ":std_" + cpu,
            rustc = "rustc",
            rustc_lib = ":compiler",
            staticlib_ext = ".a",
            stdlib_linkflags = ["-ldl", "-lpthread"],
            target_triple = cpu + "-unknown-linux-gnu",
        ),
        toolchain(
            name = cpu,
            exec_compatible_with = ["@platforms//cpu:x86_64", "@platforms//os:linux"],
            target_compatible_with = ["@platforms//cpu:" + cpu, "@platforms//os:linux"],
            toolchain = ":rust_" + cpu,
            toolchain_type = "@rules_rust//rust:toolchain",
        ),
    ]
    for cpu in ["x86_64", "aarch64"]
]
"""

# The compiler looks for its libraries where Debian has them.
_TOOL = """#!/bin/sh
LD_LIBRARY_PATH={usr}/lib/x86_64-linux-gnu exec {usr}/bin/{tool} "$@"
"""

def _repository(ctx):
    usr = ctx.path(Label("//:BUILD.bazel")).dirname.get_child("debian_rust").realpath
    ctx.symlink(usr, "usr")
    for tool in ["rustc", "rustdoc"]:
        ctx.file(tool, _TOOL.format(usr = usr, tool = tool))
    ctx.file("BUILD.bazel", _BUILD.replace("EDITION", ctx.attr.edition))

_rust_toolchains = repository_rule(
    implementation = _repository,
    attrs = {"edition": attr.string()},
)

def _rust(ctx):
    [tag] = [tag for module in ctx.modules for tag in module.tags.toolchain]
    _rust_toolchains(
        name = "rust_toolchains",
        edition = tag.edition,
    )

rust = module_extension(
    implementation = _rust,
    tag_classes = {"toolchain": tag_class(attrs = {
        "edition": attr.string(default = "2021"),
        "extra_target_triples": attr.string_list(),
        "versions": attr.string_list(),
    })},
)
