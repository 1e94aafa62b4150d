# SPDX-License-Identifier: MIT
{
  outputs = { self }: {
    lib = (import ./.).lib;
    legacyPackages.x86_64-linux = import ./.;
  };
}
