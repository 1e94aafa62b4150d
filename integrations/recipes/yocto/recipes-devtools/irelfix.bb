# SPDX-License-Identifier: MIT
SUMMARY = "Repairs static glibc executables that ld.lld linked with wrong iplt bounds"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=<md5 of LICENSE>"

PV = "1.0.0"
SRC_URI = "<address of irelfix-${PV}.tar.gz>"
SRC_URI[sha256sum] = "<sha256 of the archive>"

do_install() {
	oe_runmake install DESTDIR="${D}" PREFIX="${prefix}" LIBDIR="${libdir}"
}

BBCLASSEXTEND = "native"
