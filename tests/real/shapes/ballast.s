/* SPDX-License-Identifier: MIT */
/* TEXT_MIB of text and DEBUG_MIB of debug data, set by --defsym. */
	.section .text.ballast, "ax", %progbits
	.skip TEXT_MIB << 20

	.section .debug_ballast, "", %progbits
	.skip DEBUG_MIB << 20, 0x5a

	.section .note.GNU-stack, "", %progbits
