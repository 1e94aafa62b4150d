# SPDX-License-Identifier: MIT
"""irelfix as the step behind a link: rules for Bazel 7, 8 and 9.

Static glibc programs that ld.lld has linked may die before main. `irelfixed` stands around the
rule that links one and repairs what it has linked; `irelfix_binary` does the same for a target
that is already there.
"""

_TOOLCHAIN_TYPE = Label("//integrations/bazel:toolchain_type")

_PLATFORMS = "//command_line_option:platforms"

def _platform_of(settings, attr):
    return {_PLATFORMS: str(attr.platform) if attr.platform else settings[_PLATFORMS]}

_to_platform = transition(
    implementation = _platform_of,
    inputs = [_PLATFORMS],
    outputs = [_PLATFORMS],
)

def _irelfix_toolchain(ctx):
    return [platform_common.ToolchainInfo(irelfix = ctx.attr.irelfix[DefaultInfo].files_to_run)]

irelfix_toolchain = rule(
    implementation = _irelfix_toolchain,
    doc = "Names the program irelfix, for a `toolchain()` of the type `:toolchain_type`.",
    attrs = {
        "irelfix": attr.label(
            doc = "The program: a target that builds it, or a file that was built elsewhere.",
            allow_files = True,
            cfg = "exec",
            executable = True,
            mandatory = True,
        ),
    },
)

def _without(ctx, file, runfiles):
    """What an image or archive takes along need not hold the broken program as well."""
    return ctx.runfiles(
        files = [other for other in runfiles.files.to_list() if other != file],
        symlinks = {link.path: link.target_file for link in runfiles.symlinks.to_list()},
        root_symlinks = {link.path: link.target_file for link in runfiles.root_symlinks.to_list()},
    )

def _repaired(ctx):
    repaired = ctx.actions.declare_file(ctx.label.name)

    # A program that irelfix refuses to repair fails the build, with the reason.
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add(ctx.file.src)
    arguments.add("-o", repaired)
    ctx.actions.run(
        executable = ctx.toolchains[_TOOLCHAIN_TYPE].irelfix,
        arguments = [arguments],
        inputs = [ctx.file.src],
        outputs = [repaired],
        mnemonic = "Irelfix",
        progress_message = "Repairing %{output}",
        toolchain = _TOOLCHAIN_TYPE,
    )
    return repaired

def _runfiles(ctx, src):
    data = [target[DefaultInfo] for target in ctx.attr.data]
    runfiles = _without(ctx, ctx.file.src, src[DefaultInfo].default_runfiles)
    return runfiles.merge_all(
        [ctx.runfiles(transitive_files = depset(transitive = [info.files for info in data]))] +
        [info.default_runfiles for info in data],
    )

def _irelfix_executable(ctx):
    repaired = _repaired(ctx)

    # An attribute with a transition is a list; this one never has more than one element.
    src = ctx.attr.src[0]
    of_src = [src[info] for info in [RunEnvironmentInfo, OutputGroupInfo] if info in src]
    return of_src + [
        DefaultInfo(
            executable = repaired,
            files = depset([repaired]),
            runfiles = _runfiles(ctx, src),
        ),
        coverage_common.instrumented_files_info(ctx, dependency_attributes = ["src", "data"]),
    ]

_ATTRS = {
    "data": attr.label_list(
        doc = "Files beside those that src has at run time, for $(location ...) in args.",
        allow_files = True,
    ),
    "platform": attr.label(
        doc = "The platform to build src for. Without it, that of the build.",
    ),
    "src": attr.label(
        doc = "The executable as it was linked: a rust_binary, cc_binary, go_binary, file, ...",
        allow_single_file = True,
        cfg = _to_platform,
        mandatory = True,
    ),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

irelfix_binary = rule(
    implementation = _irelfix_executable,
    doc = """An executable as irelfix leaves it: repaired where it is affected, else the same bytes.

What src has for its run comes along: runfiles (without src itself), environment, output groups and
the files of its coverage.""",
    attrs = _ATTRS,
    executable = True,
    toolchains = [_TOOLCHAIN_TYPE],
)

irelfix_test = rule(
    implementation = _irelfix_executable,
    doc = "The same as irelfix_binary, for src that is a test.",
    attrs = _ATTRS | {
        "_lcov_merger": attr.label(
            cfg = "exec",
            default = configuration_field(fragment = "coverage", name = "output_generator"),
        ),
    },
    test = True,
    toolchains = [_TOOLCHAIN_TYPE],
)

# What is said about the program, and not about its link.
_OF_REPAIRED = ["args", "visibility"]
_OF_TEST = ["flaky", "local", "shard_count", "size", "timeout"]
_OF_BOTH = ["compatible_with", "restricted_to", "tags", "target_compatible_with", "testonly"]

def _around(outer, rule, name, moved, attrs):
    of_repaired = {key: attrs.pop(key) for key in _OF_REPAIRED + moved if key in attrs}
    of_repaired.update({key: attrs[key] for key in _OF_BOTH if key in attrs})
    if "data" in attrs and "$(" in str(of_repaired.get("args")):
        of_repaired["data"] = attrs["data"]

    # "bazel build //..." and "bazel test //..." are for the repaired one.
    attrs["tags"] = (attrs.get("tags") or []) + ["manual"]
    rule(
        name = name + "_linked",
        visibility = ["//visibility:private"],
        **attrs
    )
    outer(
        name = name,
        src = ":%s_linked" % name,
        **of_repaired
    )

def irelfixed(rule, name, **kwargs):
    """A program that has passed through irelfix, whatever rule links it.

    `irelfixed(rust_binary, name = "server", ...)` stands where `rust_binary(name = "server", ...)`
    stood. The program as it was linked is the private target `server_linked`.

    Args:
      rule: the rule or macro that links: rust_binary, cc_binary, go_binary, ...
      name: of the repaired program.
      **kwargs: as of the rule. args and visibility are the repaired program's.
    """
    _around(irelfix_binary, rule, name, [], kwargs)

def irelfixed_test(rule, name, **kwargs):
    """A test that has passed through irelfix, whatever rule links it.

    Args:
      rule: the rule or macro that links: rust_test, cc_test, go_test, ...
      name: of the repaired test.
      **kwargs: as of the rule. args, visibility, size, timeout, flaky, local and shard_count are
        the repaired test's.
    """
    _around(irelfix_test, rule, name, _OF_TEST, kwargs)
