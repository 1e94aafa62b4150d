# SPDX-License-Identifier: MIT
# nix-build integrations/packaging/example      in the folder of irelfix
{
  pkgs ? import <nixpkgs> { },
}:
let
  irelfix = pkgs.callPackage ../../../packaging/nix/package.nix { };
  irelfixHook = pkgs.callPackage ../../../packaging/nix/hook.nix { inherit irelfix; };
in
pkgs.stdenv.mkDerivation {
  name = "hello";
  src = pkgs.lib.cleanSource ./.;
  buildInputs = [ pkgs.glibc.static ];
  nativeBuildInputs = [
    irelfixHook
    pkgs.lld
  ];
  installPhase = ''
    runHook preInstall
    install -D hello "$out/bin/hello"
    runHook postInstall
  '';
}
