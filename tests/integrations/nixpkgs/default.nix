# SPDX-License-Identifier: MIT
# As much of nixpkgs as irelfix and its example name, with the compiler of this machine.
let
  system = "x86_64-linux";
  lib = rec {
    genAttrs = names: of: builtins.listToAttrs (map (name: { inherit name; value = of name; }) names);
    hasPrefix = start: text: builtins.substring 0 (builtins.stringLength start) text == start;
    removePrefix = start: text:
      if hasPrefix start text then
        builtins.substring (builtins.stringLength start) (builtins.stringLength text) text
      else
        text;
    cleanSourceWith = { src, filter }: builtins.path { path = src; name = "source"; inherit filter; };
    cleanSource = src: cleanSourceWith { inherit src; filter = path: type: true; };
    licenses.mit = { };
    platforms.unix = [ ];
  };
  build = attrs: derivation ({
    inherit system;
    name = "${attrs.pname}-${attrs.version}";
    builder = "/bin/bash";
    args = [ ./stdenv.sh ];
    PATH = "/usr/bin:/bin";
  } // removeAttrs attrs [ "meta" ]);
  pkgs = {
    inherit lib;
    stdenv.mkDerivation = build;
    callPackage = path: given:
      let of = import path; in of (builtins.intersectAttrs (builtins.functionArgs of) pkgs // given);
    makeSetupHook = { name, propagatedBuildInputs, substitutions }: script: build {
      inherit name script propagatedBuildInputs;
      inherit (substitutions) irelfix;
      hookOnly = true;
    };
    glibc.static = "";
    lld = "@LLD@";
  };
in
pkgs
