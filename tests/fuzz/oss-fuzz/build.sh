#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What OSS-Fuzz runs in a checkout, with its own variables: CC and CFLAGS bring the sanitizer and
# the fuzzer's instrumentation, LIB_FUZZING_ENGINE the fuzzer (libFuzzer is what the tests try),
# OUT is where all goes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

: "${CC:?}" "${CXX:?}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}"
objects=$(mktemp -d)
trap 'rm -r "$objects"' EXIT
number=0
for source in src/{base,elf,arch,arch/*,startup,edit,defect}/*.c tests/fuzz/*.c; do
	number=$((number + 1))
	# shellcheck disable=SC2086 # the flags are several words
	"$CC" -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 ${CFLAGS-} -c "$source" \
		-o "$objects/$number.o"
done
# shellcheck disable=SC2086
"$CXX" ${CXXFLAGS-} "$objects"/*.o $LIB_FUZZING_ENGINE -o "$OUT/fuzz_repair"
cp tests/fuzz/fuzz_repair.dict "$OUT"
corpus=$objects/corpus
mkdir "$corpus"
tar -xJmf tests/fuzz/corpus.tar.xz -C "$corpus" # -m: zip knows no time before 1980
(cd "$corpus" && python3 -m zipfile -c "$OUT/fuzz_repair_seed_corpus.zip" .)
