/* SPDX-License-Identifier: MIT */
/*
 * The opcode maps of x86-64 and i386 as tables: for every opcode the bytes that follow it,
 * the prefixes it exists with, and the general registers it writes.
 */
#ifndef IRELFIX_X86_OPCODES_H
#define IRELFIX_X86_OPCODES_H

#include <stdint.h>

/** The opcode maps, by the escape or prefix that selects them. */
enum opcode_map {
	MAP_ONE, MAP_ONE_32, /**< in 64-bit and in 32-bit mode; the others are the same in both */
	MAP_0F, MAP_0F38, MAP_0F3A,
	MAP_0F01, /**< 0F 01 with a register: the ModRM byte is the opcode */
	MAP_VEX1, MAP_VEX2, MAP_VEX3,
	MAP_EVEX1, MAP_EVEX2, MAP_EVEX3, MAP_EVEX5, MAP_EVEX6,
	MAP_XOP8, MAP_XOP9, MAP_XOPA,
	MAP_COUNT
};

/** The mandatory prefix of an instruction, numbered as VEX.pp is. */
enum simd_prefix { SIMD_NONE, SIMD_66, SIMD_F3, SIMD_F2 };

/**
 * What follows the opcode byte. Immediates of 16/32 bits follow the operand size.
 */
enum opcode_form {
	FORM_INVALID       = '.', /**< no instruction, or not known here */
	FORM_PREFIX        = 'p', /**< a prefix or an escape: not an opcode */
	FORM_BARE          = '-', /**< nothing */
	FORM_MODRM         = 'm', /**< ModRM */
	FORM_LOCK          = 'l', /**< ModRM; LOCK is allowed when it is memory */
	FORM_MEMORY        = 'M', /**< ModRM, memory only */
	FORM_REGISTER      = 'R', /**< ModRM, register only */
	FORM_CONTROL       = 'c', /**< ModRM, always taken as a register: mov from and to CRn, DRn */
	FORM_GROUP         = 'g', /**< ModRM; its reg field selects the instruction */
	FORM_MODRM_8       = 'i', /**< ModRM, imm8 */
	FORM_LOCK_8        = 'k', /**< ModRM, imm8; LOCK is allowed when it is memory */
	FORM_REGISTER_8    = 'N', /**< ModRM, register only, imm8 */
	FORM_MODRM_32      = 'I', /**< ModRM, imm16/32 */
	FORM_LOCK_32       = 'K', /**< ModRM, imm16/32; LOCK is allowed when it is memory */
	FORM_3DNOW         = 'n', /**< ModRM, then the opcode proper */
	FORM_SSE4A         = 'q', /**< ModRM; with 66 or F2 two imm8: extrq and insertq */
	FORM_IMM_8         = 'b', /**< imm8 */
	FORM_IMM_16        = 'w', /**< imm16 */
	FORM_IMM_32        = 'z', /**< imm16/32 */
	FORM_IMM_64        = 'v', /**< imm16/32/64 */
	FORM_ENTER         = 'e', /**< imm16, imm8 */
	FORM_OFFSET        = 'o', /**< an address of the address size */
	FORM_FAR           = 'f', /**< an address of 16/32 bits, imm16 */
	FORM_REL_8         = 'j', /**< a branch's distance, 8 bits */
	FORM_REL_32        = 'J', /**< a branch's distance, 32 bits */
};

/**
 * The general registers that an instruction writes. Not the stack pointer where it moves
 * implicitly.
 */
enum opcode_writes {
	WRITES_NONE        = '-',
	WRITES_RM          = 'E', /**< r/m, where that is a register */
	WRITES_RM_8        = 'e', /**< the same, 8 bits */
	WRITES_REG         = 'G', /**< reg */
	WRITES_REG_8       = 'g', /**< the same, 8 bits */
	WRITES_BOTH        = 'B', /**< r/m and reg */
	WRITES_BOTH_8      = 'b', /**< the same, 8 bits */
	WRITES_RM_AX       = 'X', /**< r/m and rax: cmpxchg */
	WRITES_RM_AX_8     = 'x', /**< the same, 8 bits */
	WRITES_OPCODE      = 'O', /**< the register in the opcode's low three bits */
	WRITES_OPCODE_8    = 'o', /**< the same, 8 bits */
	WRITES_OPCODE_AX   = 'Q', /**< the same and rax: xchg; nop when they are one */
	WRITES_VVVV        = 'V', /**< VEX.vvvv */
	WRITES_VVVV_REG    = 'W', /**< VEX.vvvv and reg */
	WRITES_REG_SCALAR  = 'S', /**< reg, with F3 or F2 only; a vector otherwise */
	WRITES_REG_PREFIX  = 'Y', /**< reg, with any of 66, F3, F2; memory otherwise */
	WRITES_RM_PLAIN    = 'N', /**< r/m, with none of 66, F3, F2 only */
	WRITES_RM_NOT_F3   = 'T', /**< r/m, unless with F3 */
	WRITES_RM_F3       = 'F', /**< r/m, with F3 only */
	WRITES_AX          = 'A', /**< rax */
	WRITES_CX          = 'C', /**< rcx */
	WRITES_DX          = 'D', /**< rdx */
	WRITES_BP          = 'L', /**< rbp */
	WRITES_AX_DX       = 'P', /**< rax, rdx */
	WRITES_AX_CX_DX    = 'J', /**< rax, rcx, rdx */
	WRITES_AX_TO_DX    = 'Z', /**< rax, rcx, rdx, rbx */
	WRITES_ALL         = 'H', /**< all of i386 */
	WRITES_SYSCALL     = 'U', /**< rcx, r11, and rax by the kernel */
	WRITES_PADLOCK     = 'K', /**< rax, rcx, rdx, rsi, rdi: more than each of them does */
	WRITES_SI          = 's', /**< rsi; rcx too when repeated, here and below */
	WRITES_DI          = 'd', /**< rdi */
	WRITES_SI_DI       = 'm', /**< rsi, rdi */
	WRITES_AX_SI       = 'a', /**< rax, rsi */
};

/** One instruction of an opcode map. */
struct opcode {
	enum opcode_form form;
	enum opcode_writes writes;
	uint8_t prefixes; /**< bit n: exists with enum simd_prefix n */
};

/** The entry of @opcode in @map. */
struct opcode x86_opcode(enum opcode_map map, uint8_t opcode);

/** The instruction that @modrm selects where the entry of @opcode is a FORM_GROUP. */
struct opcode x86_group(enum opcode_map map, uint8_t opcode, uint8_t modrm);

#endif
