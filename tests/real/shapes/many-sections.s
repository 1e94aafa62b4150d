/* SPDX-License-Identifier: MIT */
/*
 * More sections than e_shnum and e_shstrndx can say (SHN_LORESERVE is 65,280): the linker knows
 * none of the names, so it keeps each as a section of its own.
 */
	.macro section
	.section unknown\@, "aw", %progbits
	.byte 1
	.endm

	.rept 70000
	section
	.endr
	.section .note.GNU-stack, "", %progbits
