# SPDX-License-Identifier: MIT
{ pkgs ? import <nixpkgs> { } }:
let
  irelfix = pkgs.stdenv.mkDerivation {
    pname = "irelfix";
    version = "0.1.0";
    src = ../../..;
    makeFlags = [ "PREFIX=$(out)" ];
  };
in
pkgs.stdenv.mkDerivation {
  name = "hello";
  src = ./.;
  buildInputs = [ pkgs.glibc.static ];
  nativeBuildInputs = [ pkgs.lld irelfix ];
  installPhase = "install -D hello $out/bin/hello";
  # The fixup phase strips.
  postFixup = ''irelfix -r -i "$out"'';
}
