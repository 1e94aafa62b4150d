# SPDX-License-Identifier: MIT
"""The repository rule of toolchains_llvm. The files are those of this machine."""

def _sysroot(ctx):
    ctx.file("sysroot/BUILD.bazel", 'filegroup(name = "sysroot", visibility = ["//visibility:public"])')

sysroot = repository_rule(
    implementation = _sysroot,
    attrs = {
        "sha256": attr.string(mandatory = True),
        "urls": attr.string_list(mandatory = True),
    },
)
