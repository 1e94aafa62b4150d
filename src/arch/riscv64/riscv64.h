/* SPDX-License-Identifier: MIT */
/*
 * RV64 (RISC-V ELF psABI, LP64 and LP64D): the base with A, F, D, V, Zb*, Zicond, Zfa, and
 * compressed instructions of 2 bytes (C, Zcb). Little-endian.
 *
 * An address is formed relative to the program by AUIPC, which adds 20 upper bits to its own
 * address (+-2 GiB), and an ADDI or the displacement of a load that brings 12 signed lower ones; so
 * the lower part is relative to where the AUIPC stands (R_RISCV_PCREL_LO12_*), and the upper one is
 * rounded (+0x800). Absolutely (-fno-pie with medlow) LUI takes the place of AUIPC; there one LUI
 * may serve two ADDIs. Compilers reach the weak iplt bounds through the GOT: AUIPC and LD, which
 * lld leaves as they are. Calls are AUIPC and JALR, or relaxed JAL or C.J.
 *
 * Branches compare two registers, so that a number is in one: li s8, 58. A 32-bit number in a
 * register is kept sign-extended; glibc's ELF64_R_TYPE becomes LWU, or LD and a mask that LI -1 and
 * SRLI 32 make. The type is the low word of r_info, at offset 8 of an entry of 24 bytes.
 *
 *   insn     a table row for each form of instruction: its operands, and what it means
 *   address  how a value gets into AUIPC or LUI and the ADDI
 *   machine  data
 */
#ifndef IRELFIX_RISCV64_H
#define IRELFIX_RISCV64_H

#include "../build.h"

/** x0 is zero, x1 the return address, x5 the alternate one, x8 the frame pointer. */
enum {
	RISCV64_ZERO = 0, RISCV64_RA = 1, RISCV64_SP = 2, RISCV64_T0 = 5, RISCV64_FP = 8,
	RISCV64_A0 = 10
};

/** See struct arch. */
bool riscv64_decode(struct bytes code, uint64_t address, const struct arch_context *context,
                    struct insn *out);
bool riscv64_form(const struct insn *const parts[], unsigned count, uint64_t value,
                  const struct arch_context *context, unsigned char code[][INSN_MAX]);

#endif
