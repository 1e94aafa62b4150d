# SPDX-License-Identifier: MIT
"""A C toolchain for Linux out of an installed clang and ld.lld."""

load(
    "@rules_cc//cc:cc_toolchain_config_lib.bzl",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
)
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/toolchains:cc_toolchain.bzl", "cc_toolchain")
load("@rules_cc//cc/toolchains:cc_toolchain_config_info.bzl", "CcToolchainConfigInfo")

_LLVM = "/usr/lib/llvm-22"

_TOOLS = {
    "ar": "llvm-ar",
    "cpp": "clang-cpp",
    "gcc": "clang",
    "gcov": "llvm-cov",
    "ld": "ld.lld",
    "nm": "llvm-nm",
    "objcopy": "llvm-objcopy",
    "objdump": "llvm-objdump",
    "strip": "llvm-strip",
}

_COMPILE = ["c-compile", "c++-compile", "assemble", "preprocess-assemble"]

_LINK = ["c++-link-executable", "c++-link-dynamic-library", "c++-link-nodeps-dynamic-library"]

def _always(name, actions, flags):
    return feature(
        name = name,
        enabled = True,
        flag_sets = [flag_set(actions = actions, flag_groups = [flag_group(flags = flags)])],
    )

def _clang_config(ctx):
    target = "--target=%s-linux-gnu" % ctx.attr.cpu
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = "clang-" + ctx.attr.cpu,
        host_system_name = "local",
        target_system_name = "linux",
        target_cpu = ctx.attr.cpu,
        target_libc = "glibc",
        compiler = "clang",
        abi_version = "unknown",
        abi_libc_version = "unknown",
        tool_paths = [
            tool_path(name = name, path = "%s/bin/%s" % (_LLVM, file))
            for name, file in _TOOLS.items()
        ],
        cxx_builtin_include_directories = [
            _LLVM + "/lib/clang/22/include",
            "/usr/include",
            "/usr/aarch64-linux-gnu/include",
        ],
        features = [
            _always("compile_for", _COMPILE, [target, "-Wall", "-no-canonical-prefixes"]),
            _always("link_for", _LINK, [target, "-fuse-ld=lld"] + ctx.attr.linkopts),
        ],
    )

_clang_config_rule = rule(
    implementation = _clang_config,
    attrs = {
        "cpu": attr.string(mandatory = True),
        "linkopts": attr.string_list(),
    },
    provides = [CcToolchainConfigInfo],
)

def clang_toolchain(name, linkopts = []):
    """Declares a toolchain that runs on x86-64.

    Args:
      name: of the machine that it compiles for, as in @platforms//cpu.
      linkopts: what is on the line of every link.
    """
    _clang_config_rule(
        name = name + "_config",
        cpu = name,
        linkopts = linkopts,
    )
    nothing = name + "_nothing"
    native.filegroup(name = nothing)
    cc_toolchain(
        name = name + "_cc",
        all_files = nothing,
        compiler_files = nothing,
        dwp_files = nothing,
        linker_files = nothing,
        objcopy_files = nothing,
        strip_files = nothing,
        toolchain_config = name + "_config",
    )
    native.toolchain(
        name = name,
        exec_compatible_with = [
            "@platforms//cpu:x86_64",
            "@platforms//os:linux",
        ],
        target_compatible_with = [
            "@platforms//cpu:" + name,
            "@platforms//os:linux",
        ],
        toolchain = name + "_cc",
        toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
    )
