# SPDX-License-Identifier: MIT
# shellcheck shell=bash

_irelfix_values() {
	case $1 in
	--strategy) echo auto narrow pad ;;
	--format) echo text json sarif github ;;
	--color) echo auto always never ;;
	--explain) echo all wide-bounds lost-irelative biased-weak static-interp ;;
	--prove) echo help all native qemu64 Nehalem Haswell EPYC max cortex-a53 cortex-a72 cortex-a76 \
		neoverse-n1 neoverse-v1 cortex-a710 a64fx rv64 sifive-u54 thead-c906 rva22u64 \
		rva23u64 veyron-v1 pentium3 athlon core2duo cortex-a8 cortex-a9 cortex-a7 \
		cortex-a15 z900 qemu power8 power9 power10 power11 la464 603 750 g4 7447a ;;
	esac
}

_irelfix() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} option=''
	local options='-o --output= -i --in-place --atomic --backup -p --preserve-dates -r --recursive
		--files0-from= -j --jobs= -n --dry-run --wrap --run --print-dir --strategy=
		--allow-undefined= --strict --prove --format= --json --color= -q --quiet
		-v --verbose --explain= -h --help -V --version'

	# the equals sign is a word of its own: --strategy = pad
	if [[ $word == '=' ]]; then
		option=$before word=''
	elif [[ $before == '=' ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $before == --strategy || $before == --explain || $before == --format || $before == --color ]]; then
		option=$before
	fi
	if [[ -n $(_irelfix_values "$option") ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_irelfix_values "$option")" -- "$word")
	elif [[ -z $option && $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
		[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace
	else
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

complete -F _irelfix irelfix
