# SPDX-License-Identifier: MIT
# inherit irelfix, in a recipe or, by INHERIT += "irelfix", in all: what is packaged is repaired after
# it was stripped and before packages are written.
DEPENDS:append = " irelfix-native"

irelfix_repair() {
	irelfix --quiet --recursive --in-place "${PKGD}"
}

PACKAGEBUILDPKGD:append = " irelfix_repair"

# irelfix itself is not made with itself.
DEPENDS:remove:pn-irelfix-native = "irelfix-native"
