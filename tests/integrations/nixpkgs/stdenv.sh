# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# The phases of stdenv that the packages use, in its order: setup hooks, build, install, strip, fixup.
set -euo pipefail

if [ -n "${hookOnly-}" ]; then
	mkdir -p "$out/nix-support"
	sed "s|@irelfix@|$irelfix|" "$script" >"$out/nix-support/setup-hook"
	exit
fi

strip_output() {
	find "$prefix" -type f -perm -1 -exec strip -S {} +
}
fixupOutputHooks=(strip_output)
runHook() { eval "${!1-}"; }

for input in ${nativeBuildInputs-}; do
	PATH=$input/bin:$PATH
	if [ -e "$input/nix-support/setup-hook" ]; then
		# shellcheck source=/dev/null
		. "$input/nix-support/setup-hook"
	fi
done

cp -r "$src" "$TMPDIR/source"
chmod -R u+w "$TMPDIR/source"
cd "$TMPDIR/source"
# shellcheck disable=SC2086
make ${makeFlags-}
if [ -n "${installPhase-}" ]; then
	eval "$installPhase"
else
	# shellcheck disable=SC2086
	make ${makeFlags-} install
fi
prefix=$out
for hook in "${fixupOutputHooks[@]}"; do
	"$hook"
done
