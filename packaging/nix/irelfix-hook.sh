# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Repairs each output of a package, after its symbols were stripped. dontIrelfix=1 leaves it out.

irelfixOutput() {
	[ -z "${dontIrelfix-}" ] && [ -e "${prefix:?}" ] || return 0
	@irelfix@ --quiet --recursive --in-place "$prefix"
}

# The hook that strips stands in this list already.
fixupOutputHooks+=(irelfixOutput)
