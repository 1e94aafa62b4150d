# SPDX-License-Identifier: MIT
"""conan create . : irelfix as a tool, for tool_requires("irelfix/1.0.0")."""
import os

from conan import ConanFile
from conan.tools.files import get


class Irelfix(ConanFile):
    name = "irelfix"
    version = "1.0.0"
    license = "MIT"
    description = "Repairs static glibc executables that ld.lld linked with wrong iplt bounds"
    package_type = "application"
    settings = "os", "arch", "compiler", "build_type"

    def source(self):
        get(self, "<address of irelfix-1.0.0.tar.gz>", sha256="<its sha256>", strip_root=True)

    def build(self):
        self.run("make")

    def package(self):
        self.run(f'make install PREFIX="{self.package_folder}"')

    def package_id(self):
        del self.info.settings.compiler
        del self.info.settings.build_type

    def package_info(self):
        self.cpp_info.includedirs = []
        self.cpp_info.libdirs = []
        self.buildenv_info.define_path("IRELFIX", os.path.join(self.package_folder, "bin", "irelfix"))
        # find_package(irelfix) in the project's CMakeLists.txt takes the package's own file.
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "irelfix")]
        self.cpp_info.set_property("cmake_find_mode", "none")
