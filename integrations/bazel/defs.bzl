# SPDX-License-Identifier: MIT
"""irelfix as the step behind a link."""

load("@rules_cc//cc:defs.bzl", "cc_binary")

_PLATFORMS = "//command_line_option:platforms"

def _platform_of(settings, attr):
    return {_PLATFORMS: str(attr.platform) if attr.platform else settings[_PLATFORMS]}

_to_platform = transition(
    implementation = _platform_of,
    inputs = [_PLATFORMS],
    outputs = [_PLATFORMS],
)

def _runfiles_without(ctx, file, runfiles):
    """What an image or archive takes along need not hold the broken program as well."""
    return ctx.runfiles(
        files = [other for other in runfiles.files.to_list() if other != file],
        symlinks = {link.path: link.target_file for link in runfiles.symlinks.to_list()},
        root_symlinks = {link.path: link.target_file for link in runfiles.root_symlinks.to_list()},
    )

def _irelfix_binary(ctx):
    repaired = ctx.actions.declare_file(ctx.label.name)

    # A program that irelfix refuses to repair fails the build, with the reason.
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add(ctx.file.src)
    arguments.add("-o", repaired)
    ctx.actions.run(
        executable = ctx.executable._irelfix,
        arguments = [arguments],
        inputs = [ctx.file.src],
        outputs = [repaired],
        mnemonic = "Irelfix",
        progress_message = "Repairing %s" % repaired.short_path,
    )

    # An attribute with a transition is a list; this one never has more than one element.
    runfiles = ctx.attr.src[0][DefaultInfo].default_runfiles
    return [DefaultInfo(
        executable = repaired,
        files = depset([repaired]),
        runfiles = _runfiles_without(ctx, ctx.file.src, runfiles),
    )]

irelfix_binary = rule(
    implementation = _irelfix_binary,
    doc = "An executable as irelfix leaves it: repaired where it is affected, else the same bytes.",
    attrs = {
        "platform": attr.label(
            doc = "The platform to build src for. Without it, that of the build.",
        ),
        "src": attr.label(
            doc = "The executable: a cc_binary, rust_binary, go_binary, file, ...",
            allow_single_file = True,
            cfg = _to_platform,
            mandatory = True,
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
        "_irelfix": attr.label(
            cfg = "exec",
            default = "//:irelfix",
            executable = True,
        ),
    },
    executable = True,
)

def irelfix_cc_binary(name, platform = None, **kwargs):
    """A cc_binary that has passed through irelfix.

    Args:
      name: of the program. The executable as it was linked is NAME_linked.
      platform: as of irelfix_binary.
      **kwargs: as of cc_binary.
    """
    both = ["features", "tags", "target_compatible_with", "testonly"]
    of_repaired = {key: kwargs.pop(key) for key in ["args", "visibility"] if key in kwargs}
    of_repaired.update({key: kwargs[key] for key in both if key in kwargs})

    # With a platform of its own it is not to be built for the one of "bazel build //...".
    kwargs["tags"] = kwargs.get("tags", []) + ["manual"]
    cc_binary(
        name = name + "_linked",
        visibility = ["//visibility:private"],
        **kwargs
    )
    irelfix_binary(
        name = name,
        src = name + "_linked",
        platform = platform,
        **of_repaired
    )
