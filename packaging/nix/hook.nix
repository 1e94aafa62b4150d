# SPDX-License-Identifier: MIT
# For nativeBuildInputs: repairs whatever a package installs.
{ irelfix, makeSetupHook }:
makeSetupHook {
  name = "irelfix-hook";
  propagatedBuildInputs = [ irelfix ];
  substitutions.irelfix = "${irelfix}/bin/irelfix";
} ./irelfix-hook.sh
