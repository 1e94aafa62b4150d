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

# Compiles the given files, and links them with those of all targets to one of them.
target() {
	local name=$1 folder=$objects/$1 source number=0
	shift
	mkdir "$folder"
	for source in src/{base,elf,arch,arch/*}/*.c "$@"; do
		number=$((number + 1))
		# shellcheck disable=SC2086 # the flags are several words
		"$CC" -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 ${CFLAGS-} -c "$source" \
			-o "$folder/$number.o"
	done
	# shellcheck disable=SC2086
	"$CXX" ${CXXFLAGS-} "$folder"/*.o $LIB_FUZZING_ENGINE -o "$OUT/$name"
}

target fuzz_repair src/{startup,edit,defect}/*.c tests/fuzz/*.c
target fuzz_decode tests/fuzz/decoder/*.c
cp tests/fuzz/fuzz_repair.dict "$OUT"
corpus=$objects/corpus
mkdir "$corpus"
tar -xJmf tests/fuzz/corpus.tar.xz -C "$corpus" # -m: zip knows no time before 1980
(cd "$corpus" && python3 -m zipfile -c "$OUT/fuzz_repair_seed_corpus.zip" .)
