# SPDX-License-Identifier: MIT
"""The one crate that rules_rust itself needs, as Debian packages it."""

def _crate(ctx):
    top = ctx.path("/usr/share/cargo/registry")
    [crate] = [path for path in top.readdir() if path.basename.startswith(ctx.attr.crate + "-")]
    ctx.symlink(crate.get_child("src"), "src")
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

_debian_crate = repository_rule(
    implementation = _crate,
    attrs = {"build_file": attr.label(), "crate": attr.string()},
)

def _internal_deps(_ctx):
    _debian_crate(
        name = "rules_rust_tinyjson",
        build_file = "//util/process_wrapper:BUILD.tinyjson.bazel",
        crate = "tinyjson",
    )

i = module_extension(implementation = _internal_deps)
