# SPDX-License-Identifier: MIT
"""The extension of toolchains_llvm, as far as a MODULE.bazel sees it, with Debian's clang-22."""

_BUILD = """
load("@toolchains_llvm//toolchain:clang.bzl", "clang_toolchain")

[
    clang_toolchain(
        name = cpu,
        # The real one has it on every link.
        linkopts = ["-lm"],
    )
    for cpu in ["x86_64", "aarch64"]
]
"""

def _repository(ctx):
    ctx.file("BUILD.bazel", _BUILD)

_llvm_toolchain = repository_rule(implementation = _repository)

def _llvm(ctx):
    for module in ctx.modules:
        for toolchain in module.tags.toolchain:
            # What the real one needs of a host, too: it has no C library of its own.
            sysroots = [tag.targets for tag in module.tags.sysroot if tag.name == toolchain.name]
            for target in ["linux-x86_64", "linux-aarch64"]:
                if [target] not in sysroots:
                    fail("no llvm.sysroot for " + target)
            _llvm_toolchain(name = toolchain.name)

llvm = module_extension(
    implementation = _llvm,
    tag_classes = {
        "sysroot": tag_class(attrs = {
            "label": attr.label(),
            "name": attr.string(default = "llvm_toolchain"),
            "targets": attr.string_list(),
        }),
        "toolchain": tag_class(attrs = {
            "llvm_version": attr.string(),
            "name": attr.string(default = "llvm_toolchain"),
        }),
    },
)
