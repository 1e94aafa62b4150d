# SPDX-License-Identifier: MIT
{
  description = "Repairs static glibc executables that ld.lld linked with wrong iplt bounds";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-darwin"
        "x86_64-linux"
      ];
      packagesOf = pkgs: rec {
        irelfix = pkgs.callPackage ./packaging/nix/package.nix { };
        irelfixHook = pkgs.callPackage ./packaging/nix/hook.nix { inherit irelfix; };
        default = irelfix;
      };
    in
    {
      packages = nixpkgs.lib.genAttrs systems (system: packagesOf nixpkgs.legacyPackages.${system});

      # pkgs.irelfix and pkgs.irelfixHook. The hook runs where packages are built.
      overlays.default = final: prev: {
        irelfix = final.callPackage ./packaging/nix/package.nix { };
        irelfixHook = final.callPackage ./packaging/nix/hook.nix {
          irelfix = final.buildPackages.irelfix;
        };
      };
    };
}
