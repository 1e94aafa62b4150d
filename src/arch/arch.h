/* SPDX-License-Identifier: MIT */
/*
 * What differs between machines: relocation numbers, register roles, and the
 * meaning of one instruction. A machine's file only decodes. Where a value comes
 * from (flow.c) and which values are the iplt bounds (bounds.c) is decided once
 * for all machines from `struct insn`.
 */
#ifndef IRELFIX_ARCH_H
#define IRELFIX_ARCH_H

#include "../elf/bytes.h"

/** Register numbers are the machine's own, 0 to 31; AArch64's sp is 31. */
enum { REG_NONE = 0xff };

/** The longest instruction of any machine, in bytes. */
enum { INSN_MAX = 15 };

/** The most effects that one instruction has (a pre-indexed load of a pair: three). */
enum { EFFECT_MAX = 3 };

/** What runs after an instruction. */
enum insn_flow {
	FLOW_NEXT,   /**< the following instruction */
	FLOW_BRANCH, /**< the following instruction or @target */
	FLOW_JUMP,   /**< @target; without has_target: unknown, the function ends here */
	FLOW_CALL,   /**< the following instruction, after the callee */
	FLOW_END,    /**< nothing: return, trap, halt */
};

/** When a FLOW_BRANCH is taken, as the unsigned result of comparing a with b. */
enum insn_cond {
	COND_OTHER,     /**< equality, signed, parity, register zero, ... */
	COND_BELOW,     /**< a <  b: x86 jb,  AArch64 b.lo */
	COND_NOT_BELOW, /**< a >= b: x86 jae, AArch64 b.hs */
	COND_ABOVE,     /**< a >  b: x86 ja,  AArch64 b.hi */
	COND_NOT_ABOVE, /**< a <= b: x86 jbe, AArch64 b.ls */
};

enum operand_kind {
	OPERAND_NONE,
	OPERAND_REG,    /**< register @reg */
	OPERAND_CONST,  /**< @value, formed by the instruction itself */
	OPERAND_MEMORY, /**< the word at register @reg + register @index + @value */
};

struct operand {
	enum operand_kind kind;
	uint8_t width;  /**< bytes that are moved or compared: 1, 2, 4 or 8 */
	uint8_t reg;    /**< the register, or the base; REG_NONE: @value is the address */
	uint8_t index;  /**< an unscaled index register, or REG_NONE */
	uint64_t value; /**< the constant (an address where the instruction forms one: lea, adr,
	                     adrp), or the displacement, sign-extended to 64 bits */
};

enum effect_kind {
	EFFECT_NONE,
	EFFECT_MOVE,    /**< dst = a. One of the two may be memory: a load or a store */
	EFFECT_PAGE,    /**< dst = a, a constant that is only the page of an address: ADRP */
	EFFECT_ADD,     /**< dst = a + b; b is a register or a constant (negated for sub) */
	EFFECT_INSERT,  /**< dst = a with some bits replaced by the constant b, which is already
	                     shifted; @dst.value is the mask of the replaced bits: MOVK */
	EFFECT_COMPARE, /**< a - b is formed: the flags or the difference tell how they compare */
};

struct effect {
	enum effect_kind kind;
	struct operand dst, a, b;
};

/** One decoded instruction. All effects read the state before the instruction. */
struct insn {
	uint64_t address; /**< virtual address */
	uint8_t length;   /**< bytes */
	bool has_target;
	enum insn_flow flow;
	enum insn_cond cond;
	uint64_t target;   /**< virtual address, when has_target */
	struct operand via; /**< a jump or call through a register or memory: which. Else NONE */
	uint32_t clobbers; /**< registers that hold something unknown afterwards: bit n = register n.
	                        Only those that no effect sets. Calls: see arch.caller_saved */
	struct effect effects[EFFECT_MAX];
};

/** One named relocation type. */
struct reloc_name {
	uint32_t type;
	const char *name;
};

/** A machine. Relocation numbers are the psABI's; a missing type has RELOC_ABSENT. */
struct arch {
	const char *name;  /**< as users write it: "x86-64" */
	uint16_t machine;  /**< e_machine */
	uint32_t none, absolute, glob_dat, jump_slot, relative, irelative;
	const struct reloc_name *names; /**< every type of the psABI that may be in an executable */
	size_t name_count;
	unsigned code_alignment; /**< instructions start at multiples of this many bytes */
	uint8_t stack_pointer, frame_pointer;
	uint32_t caller_saved; /**< registers that a call leaves unknown: bit n = register n */

	uint8_t first_argument; /**< the register of a function's first argument */
	struct bytes exit_stub; /**< code that calls Linux's exit_group(ARCH_EXIT_CODE) */
	struct bytes return_stub; /**< shorter code, a function that returns ARCH_EXIT_CODE */
	/** Where registers stand among the general ones, in words: for the kernel and for gdb. */
	unsigned pc_position; /**< the same for both */
	struct { unsigned kernel, gdb; } return_position; /**< holds or points to the return address */
	bool return_on_stack; /**< it is the stack pointer, as the callee gets it */
	const char *emulator;   /**< qemu-user's program for this machine */
	const char *models;     /**< of that emulator: a good set to try startup code on */

	/**
	 * Decodes the instruction at the start of @code, which is at virtual address @address.
	 * @return false when the bytes are no instruction or end too early.
	 */
	bool (*decode)(struct bytes code, uint64_t address, struct insn *out);

	/**
	 * Rewrites @code, the @insn->length bytes of @insn, so that the instruction forms its share
	 * of @value: the whole of it (lea, adr, mov, cmp), or its part (adrp, add, movz, movk).
	 * @return false when the instruction cannot hold it.
	 */
	bool (*encode)(const struct insn *insn, uint64_t value, unsigned char *code);
};

/** The exit code that says "main was reached", see arch.exit_stub. */
enum { ARCH_EXIT_CODE = 113 };

#define RELOC_ABSENT UINT32_MAX

extern const struct arch arch_x86_64;
extern const struct arch arch_aarch64;

/** The machine with this e_machine, or NULL. */
const struct arch *arch_find(uint16_t machine);

/** The psABI's name of a relocation type, or NULL. */
const char *arch_reloc_name(const struct arch *arch, uint32_t type);

#endif
