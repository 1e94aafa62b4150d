/* SPDX-License-Identifier: MIT */
/* Tables of instructions of x86-64 and i386: what each is decoded to, and what form() makes of it. */
#ifndef TEST_X86_ROWS_H
#define TEST_X86_ROWS_H

#include "machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS = 0x401000 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- An instruction as text ----------------------------------------------------- */

struct text {
	const struct arch *arch;
	char chars[160];
	size_t length;
};

static inline void append(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	t->length += (size_t)vsnprintf(t->chars + t->length, sizeof t->chars - t->length, format,
	                               args);
	va_end(args);
	assert_true(t->length < sizeof t->chars);
}

static inline const char *reg_name(const struct arch *arch, uint8_t reg)
{
	static const char *const names[] = {
		"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
		"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
		"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"
	};

	assert_true(reg < (arch->is64 ? 16 : 8));
	return names[arch->is64 ? reg : 16 + reg];
}

/* [base+index+displacement] */
static inline void append_memory(struct text *t, const struct operand *o)
{
	int64_t displacement = (int64_t)o->value;

	append(t, "[");
	if (o->reg == REG_NONE) {
		append(t, "%#" PRIx64 "]", o->value);
		return;
	}
	append(t, "%s", reg_name(t->arch, o->reg));
	if (o->index != REG_NONE)
		append(t, "+%s", reg_name(t->arch, o->index));
	if (displacement < 0)
		append(t, "-%#" PRIx64, -o->value);
	else if (displacement > 0)
		append(t, "+%#" PRIx64, o->value);
	append(t, "]");
}

/* An operand; its width follows when it is not an address's. */
static inline void append_operand(struct text *t, const struct operand *o)
{
	switch (o->kind) {
	case OPERAND_NONE: append(t, "unknown"); return;
	case OPERAND_REG: append(t, "%s", reg_name(t->arch, o->reg)); break;
	case OPERAND_CONST: append(t, "%#" PRIx64, o->value); break;
	case OPERAND_MEMORY: append_memory(t, o); break;
	}
	if (o->width != (t->arch->is64 ? 8 : 4))
		append(t, ":%u", o->width);
}

static inline void append_effect(struct text *t, const struct effect *e)
{
	append(t, "; ");
	if (e->kind != EFFECT_COMPARE) {
		append_operand(t, &e->dst);
		append(t, " = ");
	}
	append_operand(t, &e->a);
	if (e->kind == EFFECT_MOVE)
		return;
	append(t, e->kind == EFFECT_ADD ? " + " : e->kind == EFFECT_COMPARE ? " ? " : " ! ");
	append_operand(t, &e->b);
}

static inline void append_flow(struct text *t, const struct insn *insn)
{
	static const char *const flows[] = { "", "; branch", "; jump", "; call", "; end" };
	static const char *const conds[] = { "", " below", " not below", " above", " not above" };

	append(t, "%s%s", flows[insn->flow], conds[insn->cond]);
	if (insn->has_target)
		append(t, " %#" PRIx64, insn->target);
	if (insn->via.kind != OPERAND_NONE) {
		append(t, " via ");
		append_operand(t, &insn->via);
	}
}

/* LENGTH; what runs next; each effect; the registers that become unknown */
static inline void describe(struct text *t, const struct insn *insn)
{
	append(t, "%u", insn->length);
	append_flow(t, insn);
	for (unsigned i = 0; i < EFFECT_MAX && insn->effects[i].kind != EFFECT_NONE; i++)
		append_effect(t, &insn->effects[i]);
	if (insn->clobbers != 0)
		append(t, "; clobbers");
	for (uint8_t reg = 0; reg < 32; reg++)
		if ((insn->clobbers >> reg & 1) != 0)
			append(t, " %s", reg_name(t->arch, reg));
}

/* ---- Decoding ------------------------------------------------------------------- */

struct row {
	const char *assembly, *hex, *expected;
};

/* The bytes that @hex spells; @return how many. */
static inline size_t from_hex(const char *hex, unsigned char bytes[2 * INSN_MAX])
{
	size_t size = 0;

	for (char *end; *hex != '\0'; hex = end) {
		assert_true(size < 2 * INSN_MAX);
		bytes[size++] = (unsigned char)strtoul(hex, &end, 16);
		assert_ptr_not_equal(end, hex);
	}
	return size;
}

/* Decodes @size bytes that nothing readable follows, to a sanitizer at least. */
static inline bool decode(const struct arch *arch, const unsigned char *bytes, size_t size,
                          struct insn *out)
{
	unsigned char *copy = malloc(size != 0 ? size : 1);
	bool valid;

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	valid = decode_one(arch, copy, size, ADDRESS, out);
	free(copy);
	return valid;
}

/* The row's text, the same with bytes behind, and nothing from fewer bytes. */
static inline void check_row(const struct arch *arch, const struct row *row)
{
	unsigned char bytes[2 * INSN_MAX] = { 0 };
	size_t size = from_hex(row->hex, bytes);
	struct insn insn;
	struct text text = { .arch = arch }, longer = { .arch = arch };

	if (!decode(arch, bytes, size, &insn))
		fail_msg("%s: rejected", row->assembly);
	describe(&text, &insn);
	if (strcmp(text.chars, row->expected) != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", row->assembly, text.chars, row->expected);
	assert_int_equal(insn.length, size);
	assert_int_equal(insn.address, ADDRESS);
	assert_true(decode(arch, bytes, sizeof bytes, &insn));
	describe(&longer, &insn);
	assert_string_equal(longer.chars, text.chars);
	for (size_t fewer = 0; fewer < size; fewer++)
		if (decode(arch, bytes, fewer, &insn))
			fail_msg("%s: accepted with %zu bytes", row->assembly, fewer);
}

static inline void check_rows(const struct arch *arch, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(arch, &rows[i]);
}

/* ---- Forming -------------------------------------------------------------------- */

struct edit {
	const char *assembly, *hex;
	uint64_t value;
	const char *expected; /* NULL: cannot hold it */
};

static inline uint64_t constant_of(const struct insn *insn)
{
	const struct effect *e = &insn->effects[0];

	return e->a.kind == OPERAND_CONST ? e->a.value : e->b.value;
}

static inline void check_edit(const struct arch *arch, const struct edit *edit)
{
	unsigned char bytes[2 * INSN_MAX], expected[2 * INSN_MAX];
	size_t size = from_hex(edit->hex, bytes);
	struct insn insn;
	bool possible;

	from_hex(edit->expected != NULL ? edit->expected : edit->hex, expected);
	assert_true(decode(arch, bytes, size, &insn));
	possible = form_one(arch, &insn, edit->value, bytes);
	if (possible != (edit->expected != NULL))
		fail_msg("%s: %#" PRIx64 " %s", edit->assembly, edit->value,
		         possible ? "encoded" : "not encoded");
	assert_memory_equal(bytes, expected, size);
	assert_true(decode(arch, bytes, size, &insn));
	if (possible)
		assert_int_equal(constant_of(&insn), edit->value);
}

#endif
