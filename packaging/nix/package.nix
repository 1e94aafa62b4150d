# SPDX-License-Identifier: MIT
{ lib, stdenv }:
stdenv.mkDerivation {
  pname = "irelfix";
  version = "1.0.0";

  # What make install reads: a change elsewhere builds nothing anew.
  src = lib.cleanSourceWith {
    src = ../..;
    filter =
      path: type:
      let
        relative = lib.removePrefix (toString ../.. + "/") (toString path);
      in
      builtins.any (name: lib.hasPrefix name relative || lib.hasPrefix "${relative}/" name) [
        "Makefile"
        "docs/"
        "include/"
        "integrations/bazel/"
        "integrations/cmake/"
        "integrations/make/"
        "integrations/meson/"
        "packaging/bazel/"
        "packaging/completions/"
        "packaging/irelfix.pc.in"
        "scripts/archive"
        "src/"
      ];
  };

  makeFlags = [ "PREFIX=${placeholder "out"}" ];
  enableParallelBuilding = true;

  meta = {
    description = "Repairs static glibc executables that ld.lld linked with wrong iplt bounds";
    license = lib.licenses.mit;
    mainProgram = "irelfix";
    platforms = lib.platforms.unix;
  };
}
