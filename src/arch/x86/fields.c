/* SPDX-License-Identifier: MIT */
#include "fields.h"

#include <string.h>

enum { NO_INDEX = 4 }; /* in the SIB byte */

/* Takes the next @width bytes; false at the end of the code or past the longest instruction. */
static bool take(struct fields *f, unsigned width, uint64_t *out)
{
	if (!bytes_read(f->code, f->length, width, ORDER_LITTLE, out))
		return false;
	f->length = (uint8_t)(f->length + width);
	return true;
}

static bool take_byte(struct fields *f, uint8_t *out)
{
	if (f->length >= f->code.size)
		return false;
	*out = f->code.data[f->length++];
	return true;
}

/* Notes a legacy prefix; false when @byte is none. */
static bool set_legacy_prefix(struct fields *f, uint8_t byte)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: /* es cs ss ds: base 0; notrack */
		return true;
	case 0x64: case 0x65:
		f->segment = true;
		return true;
	case 0x66:
		f->operand16 = true;
		return true;
	case 0x67:
		f->short_address = true;
		return true;
	case 0xf0:
		f->lock = true;
		return true;
	case 0xf2: case 0xf3:
		f->repeat = byte;
		return true;
	default:
		return false;
	}
}

/* The bits of REX. */
static void set_wrxb(struct fields *f)
{
	f->w = (f->rex & 8) != 0;
	f->r = (f->rex & 4) != 0 ? 8 : 0;
	f->x = (f->rex & 2) != 0 ? 8 : 0;
	f->b = (f->rex & 1) != 0 ? 8 : 0;
}

/* Takes the prefixes and the byte after them. A REX counts only right before the opcode. */
static bool take_prefixes(struct fields *f)
{
	for (;;) {
		if (!take_byte(f, &f->opcode))
			return false;
		if ((f->opcode & 0xf0) == 0x40 && f->mode == MODE_64)
			f->rex = f->opcode;
		else if (set_legacy_prefix(f, f->opcode))
			f->rex = 0;
		else
			break;
	}
	set_wrxb(f);
	f->simd = f->repeat == 0xf3 ? SIMD_F3 : f->repeat == 0xf2 ? SIMD_F2
	        : f->operand16 ? SIMD_66 : SIMD_NONE;
	return true;
}

/* 0F, 0F 38, 0F 3A. */
static bool take_escape(struct fields *f)
{
	if (!take_byte(f, &f->opcode))
		return false;
	f->map = f->opcode == 0x38 ? MAP_0F38 : f->opcode == 0x3a ? MAP_0F3A : MAP_0F;
	return f->map == MAP_0F || take_byte(f, &f->opcode);
}

/* The byte of VEX, XOP and EVEX that holds the inverted R, X and B. 32-bit mode ignores them. */
static void set_rxb(struct fields *f, uint8_t byte)
{
	if (f->mode == MODE_32)
		return;
	f->r = (byte & 0x80) != 0 ? 0 : 8;
	f->x = (byte & 0x40) != 0 ? 0 : 8;
	f->b = (byte & 0x20) != 0 ? 0 : 8;
}

/* The byte of VEX, XOP and EVEX that holds W, the inverted vvvv, and pp. */
static void set_wvp(struct fields *f, uint8_t byte)
{
	f->w = (byte & 0x80) != 0 && f->mode == MODE_64;
	f->vvvv = (uint8_t)(~byte >> 3 & (f->mode == MODE_64 ? 15 : 7));
	f->simd = (enum simd_prefix)(byte & 3);
}

/* C5 RvvvvLpp: the short VEX, which has no X, B and W. */
static bool take_vex2(struct fields *f)
{
	uint8_t byte;

	if (!take_byte(f, &byte))
		return false;
	set_rxb(f, byte | 0x7f);
	set_wvp(f, byte & 0x7f);
	f->map = MAP_VEX1;
	return take_byte(f, &f->opcode);
}

/* C4 or 8F, RXBmmmmm, WvvvvLpp: VEX has the maps 1 to 3, XOP 8 to 10. */
static bool take_vex3(struct fields *f, unsigned first, enum opcode_map first_map)
{
	uint8_t rxbm, wvp;
	unsigned map;

	if (!take_byte(f, &rxbm) || !take_byte(f, &wvp))
		return false;
	set_rxb(f, rxbm);
	set_wvp(f, wvp);
	map = (rxbm & 0x1f) - first;
	if (map > 2)
		return false;
	f->map = (enum opcode_map)(first_map + map);
	return take_byte(f, &f->opcode);
}

/*
 * 62, RXBR'0mmm, Wvvvv1pp, zL'LbV'aaa. R' and V' only tell vector registers apart, and
 * the third byte does not change the length. The two fixed bits are otherwise APX's.
 */
static bool take_evex(struct fields *f)
{
	static const enum opcode_map evex_maps[8] = {
		MAP_ONE, MAP_EVEX1, MAP_EVEX2, MAP_EVEX3, MAP_ONE, MAP_EVEX5, MAP_EVEX6, MAP_ONE
	};
	uint8_t rxbm, wvp, ignored;

	if (!take_byte(f, &rxbm) || !take_byte(f, &wvp) || !take_byte(f, &ignored))
		return false;
	set_rxb(f, rxbm);
	set_wvp(f, wvp);
	f->map = evex_maps[rxbm & 7];
	if ((rxbm & 8) != 0 || (wvp & 4) == 0 || f->map == MAP_ONE)
		return false;
	return take_byte(f, &f->opcode);
}

/* Whether 8F is XOP's: pop has 0 where XOP has its map, of 8 and more. */
static bool is_xop(const struct fields *f)
{
	return f->length < f->code.size && (f->code.data[f->length] & 0x1f) >= 8;
}

/* Whether C4, C5 or 62 is VEX's or EVEX's: in 32-bit mode les, lds and bound, with memory only. */
static bool is_vex(const struct fields *f)
{
	return f->mode == MODE_64 ||
	       (f->length < f->code.size && f->code.data[f->length] >= 0xc0);
}

/* Takes the escape, VEX, EVEX or XOP bytes, and the opcode. */
static bool take_opcode(struct fields *f)
{
	bool prefixed = f->rex != 0 || f->operand16 || f->repeat != 0 || f->lock;

	switch (f->opcode) {
	case 0x0f: return take_escape(f);
	case 0xc5: return !is_vex(f) || (!prefixed && take_vex2(f));
	case 0xc4: return !is_vex(f) || (!prefixed && take_vex3(f, 1, MAP_VEX1));
	case 0x62: return !is_vex(f) || (!prefixed && take_evex(f));
	case 0x8f: return !is_xop(f) || (!prefixed && take_vex3(f, 8, MAP_XOP8));
	default: return true;
	}
}

static bool has_modrm(enum opcode_form form)
{
	switch (form) {
	case FORM_INVALID: case FORM_PREFIX: case FORM_BARE:
	case FORM_IMM_8: case FORM_IMM_16: case FORM_IMM_32: case FORM_IMM_64:
	case FORM_ENTER: case FORM_OFFSET: case FORM_FAR: case FORM_REL_8: case FORM_REL_32:
		return false;
	default:
		return true;
	}
}

/* Takes the displacement of a memory operand; @width 0: none. */
static bool take_displacement(struct fields *f, unsigned width)
{
	uint64_t value;

	if (width == 0)
		return true;
	if (!take(f, width, &value))
		return false;
	f->memory.value = sign_extended(value, 8 * width);
	return true;
}

/* Takes the SIB byte. @has_base: whether the address has a base. */
static bool take_sib(struct fields *f, bool *has_base)
{
	uint8_t sib, index;

	if (!take_byte(f, &sib))
		return false;
	*has_base = !((sib & 7) == 5 && f->mod == 0);
	if (*has_base)
		f->memory.reg = (uint8_t)((sib & 7) | f->b);
	index = (uint8_t)((sib >> 3 & 7) | f->x);
	if (index == NO_INDEX)
		return true;
	f->memory.index = index;
	if (sib >> 6 != 0 || !*has_base)
		f->memory.kind = OPERAND_NONE;
	return true;
}

/* 16-bit addresses have no SIB byte, and bases that `struct operand` cannot express. */
static bool take_memory16(struct fields *f)
{
	static const uint8_t displacement[4] = { 0, 1, 2, 0 };
	bool has_base = f->mod != 0 || f->rm != 6;

	return take_displacement(f, has_base ? displacement[f->mod] : 2);
}

/* Takes SIB and displacement of a memory operand. */
static bool take_memory(struct fields *f)
{
	static const uint8_t displacement[4] = { 0, 1, 4, 0 };
	bool has_base = true;

	f->memory = (struct operand){ OPERAND_MEMORY, 0, REG_NONE, REG_NONE, 0, 0 };
	if (f->segment || f->short_address)
		f->memory.kind = OPERAND_NONE;
	if (f->short_address && f->mode == MODE_32)
		return take_memory16(f);
	if ((f->rm & 7) == 4) {
		if (!take_sib(f, &has_base))
			return false;
	} else if ((f->rm & 7) == 5 && f->mod == 0) {
		f->rip_relative = f->mode == MODE_64;
		has_base = false;
	} else {
		f->memory.reg = f->rm;
	}
	return take_displacement(f, has_base ? displacement[f->mod] : 4);
}

/* Whether the form of the instruction goes with ModRM.mod and with LOCK. */
static bool is_allowed(const struct fields *f)
{
	bool is_register = f->mod == 3;

	switch (f->entry.form) {
	case FORM_INVALID: case FORM_PREFIX: case FORM_GROUP:
		return false;
	case FORM_LOCK: case FORM_LOCK_8: case FORM_LOCK_32:
		return !f->lock || !is_register;
	case FORM_MEMORY:
		return !f->lock && !is_register;
	case FORM_REGISTER: case FORM_REGISTER_8:
		return !f->lock && is_register;
	default:
		return !f->lock;
	}
}

/* Finds the instruction in the opcode maps, and takes ModRM and what belongs to it. */
static bool take_operands(struct fields *f)
{
	uint8_t modrm;

	f->mod = 3;
	f->width = f->w ? 8 : f->operand16 ? 2 : 4;
	f->entry = x86_opcode(f->map == MAP_ONE && f->mode == MODE_32 ? MAP_ONE_32 : f->map,
	                         f->opcode);
	if (has_modrm(f->entry.form)) {
		if (!take_byte(f, &modrm))
			return false;
		f->member = modrm >> 3 & 7;
		f->reg = f->member | f->r;
		f->rm = (uint8_t)((modrm & 7) | f->b);
		f->mod = f->entry.form == FORM_CONTROL ? 3 : modrm >> 6;
		if (f->entry.form == FORM_GROUP)
			f->entry = x86_group(f->map, f->opcode, modrm);
	}
	if ((f->entry.prefixes >> f->simd & 1) == 0 || !is_allowed(f))
		return false;
	return f->mod == 3 || take_memory(f);
}

static unsigned address_width(const struct fields *f)
{
	return (f->mode == MODE_64 ? 8u : 4u) >> f->short_address;
}

static unsigned immediate_width(const struct fields *f)
{
	switch (f->entry.form) {
	case FORM_MODRM_8: case FORM_LOCK_8: case FORM_REGISTER_8: case FORM_3DNOW:
	case FORM_IMM_8: case FORM_REL_8:
		return 1;
	case FORM_SSE4A: return f->simd == SIMD_NONE ? 0 : 2;
	case FORM_IMM_16: return 2;
	case FORM_ENTER: return 3;
	case FORM_MODRM_32: case FORM_LOCK_32: case FORM_IMM_32:
		return f->width == 8 ? 4 : f->width;
	case FORM_IMM_64: return f->width;
	case FORM_OFFSET: return address_width(f);
	case FORM_FAR: return f->width + 2;
	case FORM_REL_32: return f->mode == MODE_64 ? 4 : f->width;
	default: return 0;
	}
}

/* Whether @suffix, the last byte of a 3DNow! instruction, is one of its opcodes. */
static bool is_3dnow(uint64_t suffix)
{
	static const uint8_t opcodes[] = {
		0x0c, 0x0d, 0x1c, 0x1d, 0x8a, 0x8e, 0x90, 0x94, 0x96, 0x97, 0x9a, 0x9e,
		0xa0, 0xa4, 0xa6, 0xa7, 0xaa, 0xae, 0xb0, 0xb4, 0xb6, 0xb7, 0xbb, 0xbf
	};

	return memchr(opcodes, (int)(suffix & 0xff), sizeof opcodes) != NULL;
}

static bool take_immediate(struct fields *f)
{
	unsigned width = immediate_width(f);
	uint64_t value;

	if (width == 0)
		return true;
	if (!take(f, width, &value))
		return false;
	f->immediate = f->entry.form == FORM_OFFSET ? value : sign_extended(value, 8 * width);
	/* Without W processors disagree: to Intel's the distance has 32 bits, to AMD's 16. */
	if (f->entry.form == FORM_REL_32 && f->operand16 && !f->w && f->mode == MODE_64)
		return false;
	return f->entry.form != FORM_3DNOW || is_3dnow(value);
}

bool x86_parse(struct bytes code, uint64_t address, enum mode mode, struct fields *f)
{
	*f = (struct fields){ .code = code, .address = address, .mode = mode };
	if (code.size > INSN_MAX)
		f->code.size = INSN_MAX;
	if (!take_prefixes(f) || !take_opcode(f) || !take_operands(f) || !take_immediate(f))
		return false;
	if (f->rip_relative)
		f->memory.value += address + f->length;
	else if (mode == MODE_32 && f->memory.reg == REG_NONE)
		f->memory.value &= UINT32_MAX; /* an address */
	return true;
}
