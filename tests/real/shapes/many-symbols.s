/* SPDX-License-Identifier: MIT */
/* A .symtab with a million more symbols. */
	.macro symbol
symbol\@:
	.endm

	.bss
	.rept 1000000
	symbol
	.endr
	.section .note.GNU-stack, "", %progbits
