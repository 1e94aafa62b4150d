# SPDX-License-Identifier: MIT
"""
What a release consists of. scripts/release builds the programs (targets, build), tries them
(smoke), packs them (archive) and lists what is in them (sbom); scripts/packages makes packages for
npm (npm) and pip (wheel) of the archives, and fills in the recipes of distributions (recipes).
Everything depends on the sources and the tools only: the time is the commit's, the folder does not
show, and names are sorted.
"""
