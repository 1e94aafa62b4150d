/* SPDX-License-Identifier: MIT */
/*
 * What differs between machines: relocation numbers, register roles, the meaning of one
 * instruction, and how a value is put back into the instructions that form it. A machine only
 * decodes and forms. Where a value comes from (startup/flow.c) and which values are the iplt bounds
 * (startup/loop.c) is decided once for all machines, from `struct insn`.
 *
 * A machine is a folder beside this file and a row in machines.def:
 *
 *   NAME/machine.c   its data: numbers, names, registers, stubs, processor models
 *   NAME/insn.c      decode: bytes into `struct insn`
 *   NAME/address.c   form: a value into the instructions of one place
 *
 * A folder without a row has what several machines share; build.h is for all of them.
 */
#ifndef IRELFIX_ARCH_H
#define IRELFIX_ARCH_H

#include "../elf/bytes.h"

/** Register numbers are the machine's own, 0 to 63; AArch64's sp is 31. */
enum { REG_NONE = 0xff, REG_COUNT = 64 };

/** The longest instruction of any machine, in bytes. */
enum { INSN_MAX = 15 };

/** The most effects that one instruction has (a pre-indexed load of a pair: three). */
enum { EFFECT_MAX = 3 };

/** The most instructions that form one value together (ppc64: lis, ori, sldi, oris, ori). */
enum { PARTS_MAX = 5 };

/** What runs after an instruction. */
enum insn_flow {
	FLOW_NEXT,   /**< the following instruction */
	FLOW_BRANCH, /**< the following instruction or @target; without has_target: or unknown */
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
	OPERAND_MEMORY, /**< the bytes at register @reg + (register @index << @shift) + @value */
};

struct operand {
	enum operand_kind kind;
	uint8_t width;  /**< bytes that are moved or compared: 1, 2, 4 or 8 */
	uint8_t reg;    /**< the register, or the base; REG_NONE: @value is the address */
	uint8_t index;  /**< an index register, or REG_NONE */
	uint8_t shift;  /**< how far the index is shifted to the left, in bits */
	uint64_t value; /**< the constant (an address where the instruction forms one: lea, adr,
	                     adrp), or the displacement, sign-extended to 64 bits */
};

/**
 * What an instruction does to a value. A source that is narrower than the destination is extended,
 * by zeros or by its sign: a machine that says so of a load lets the loaded value be followed.
 */
enum effect_kind {
	EFFECT_NONE,
	EFFECT_MOVE,    /**< dst = a. Each of the two may be memory: a load, a store, a copy */
	EFFECT_PART,    /**< dst = a, a constant that is only a part of an address, which other
	                     instructions complete: ADRP, auipc, lui, addis, pcalau12i, movw */
	EFFECT_ADD,     /**< dst = a + b; b is a register or a constant (negated for sub) */
	EFFECT_REBASE,  /**< dst = register a + constant b, the instruction's own address: a word that
	                     was loaded into a holds the difference (Arm: add r, pc) */
	EFFECT_INSERT,  /**< dst = a with some bits replaced by the constant b, which is already
	                     shifted; @dst.value is the mask of the replaced bits: MOVK, movt */
	EFFECT_AND,     /**< dst = a & b; b is a register or a constant */
	EFFECT_XOR,     /**< dst = a ^ b; b is a register or a constant */
	EFFECT_LEFT,    /**< dst = a << b; b is a constant */
	EFFECT_RIGHT,   /**< dst = a >> b, zeros come in; b is a constant */
	EFFECT_COMPARE, /**< a - b is formed: the flags or the difference tell how they compare */
};

struct effect {
	enum effect_kind kind;
	struct operand dst, a, b;
};

/**
 * One decoded instruction. All effects read the state before the instruction; the first EFFECT_NONE
 * ends them.
 */
struct insn {
	uint64_t address; /**< virtual address; with arch.state_bits where the machine has such */
	uint8_t length;   /**< bytes */
	bool has_target;
	bool conditional; /**< whether it runs at all depends on flags (Arm): its effects may not
	                       happen, and the following instruction may run in any case */
	uint8_t makes_conditional; /**< so many of the following instructions are conditional on
	                                account of this one (Thumb's IT), which decode() does not
	                                see of them */
	enum insn_flow flow;
	enum insn_cond cond;
	uint64_t target;    /**< virtual address, when has_target */
	struct operand via; /**< a jump or call through a register plus @value, or through memory:
	                         which. Else NONE */
	uint64_t clobbers;  /**< registers that hold something unknown afterwards: bit n = register
	                         n. Only those that no effect sets. Calls: see arch.caller_saved */
	struct effect effects[EFFECT_MAX];
};

/** What a decoder must know besides the bytes. */
struct arch_context {
	uint64_t toc; /**< ppc64: what r2 holds everywhere; 0 on other machines */
};

/** One named relocation type. Without pointers, which would be relocated whenever the tool starts. */
struct reloc_name {
	uint32_t type;
	char name[32];
};

/** One processor model of an emulator. */
struct arch_model {
	const char *name;
	const char *stands_for; /**< machines that people have, and what their processors have */
};

/** A relocation type that the machine does not have. */
#define RELOC_ABSENT UINT32_MAX

/** The exit code that says "main was reached", see arch.exit_stub. */
enum { ARCH_EXIT_CODE = 113 };

/** A machine. Relocation numbers are the psABI's; a missing type has RELOC_ABSENT. */
struct arch {
	const char *name; /**< as users write it: "x86-64" */

	/* what an ELF header says of it */
	uint16_t machine; /**< e_machine */
	bool is64;        /**< ELFCLASS64 */
	enum byte_order order;

	/* relocations */
	bool rela; /**< its static startup reads RELA entries; otherwise REL, addends in the slots */
	uint32_t none, absolute, glob_dat, jump_slot, relative;
	uint32_t irelative;      /**< what the linker writes */
	uint32_t also_irelative; /**< what startup accepts as well (ppc64: JMP_IREL) */
	const struct reloc_name *names; /**< every type of the psABI that may be in an executable */
	size_t name_count;
	const char *start_symbol, *end_symbol; /**< of the bounds: "__rela_iplt_start" */

	/* code */
	unsigned code_alignment; /**< instructions start at multiples of this many bytes */
	uint64_t state_bits;     /**< of a code address that are no address: 1 on Arm (Thumb) */
	bool shrinks; /**< linkers delete bytes from its code: R_*_RELAX, R_*_ALIGN */
	bool pc_thunks; /**< a call may only fetch the address behind it (i386: get_pc_thunk) */
	uint8_t stack_pointer, frame_pointer;
	uint8_t state_frame_pointer; /**< where state_bits are set; register 0: the same */
	uint64_t caller_saved;   /**< registers that a call leaves unknown: bit n = register n */

	/* running it */
	struct operand main; /**< where _start has main when it calls __libc_start_main, or jumps there:
	                          a register, or a word at one */
	struct bytes exit_stub;   /**< code that calls Linux's exit_group(ARCH_EXIT_CODE) */
	struct bytes return_stub; /**< shorter code, a function that returns ARCH_EXIT_CODE */
	struct bytes state_exit_stub, state_return_stub; /**< the same where state_bits of main's
	                                                      address are set */
	/** Where registers stand among the general ones, in words: for the kernel and for gdb. */
	struct { unsigned kernel, gdb; } pc_position;
	struct { unsigned kernel, gdb; } return_position; /**< holds or points to the return address */
	unsigned return_bytes; /**< that gdb has before it besides: ppc64's cr is half a word */
	bool return_on_stack; /**< it is the stack pointer, as the callee gets it */
	const char *hosts;    /**< what uname(2) calls the machines that run its programs, with commas */
	const char *emulator; /**< qemu-user's program for it */
	const struct arch_model *models; /**< of that emulator, a good set to try startup code on; the
	                                      last one has no name */

	/**
	 * Reads off the code at e_entry what decode() must know; NULL where that is nothing.
	 * @return false when it cannot be told.
	 */
	bool (*prepare)(struct bytes code, uint64_t entry, struct arch_context *out);

	/**
	 * Decodes the instruction at the start of @code, which is at virtual address @address.
	 * @return false when the bytes are no instruction or end too early.
	 */
	bool (*decode)(struct bytes code, uint64_t address, const struct arch_context *context,
	               struct insn *out);

	/**
	 * Rewrites the @count instructions @parts, which form one value together, so that they form
	 * @value: of each, its whole or its part (adrp and add, movz and movk, auipc and addi).
	 *
	 * @param code the bytes of each part, old before and new after the call
	 * @return false when they cannot hold it
	 */
	bool (*form)(const struct insn *const parts[], unsigned count, uint64_t value,
	             const struct arch_context *context, unsigned char code[][INSN_MAX]);
};

#define MACHINE(name) extern const struct arch arch_##name;
#include "machines.def"
#undef MACHINE

/** Row @index of machines.def, or NULL behind the last one. */
const struct arch *arch_row(size_t index);

/** The machine with this e_machine, class and byte order, or NULL. */
const struct arch *arch_find(uint16_t machine, bool is64, enum byte_order order);

/** The psABI's name of a relocation type, or NULL. */
const char *arch_reloc_name(const struct arch *arch, uint32_t type);

/** Whether startup calls the resolver of an entry of this type. */
bool arch_is_irelative(const struct arch *arch, uint32_t type);

#endif
