/* SPDX-License-Identifier: MIT */
/* A hand-made file on its way through diagnosis, plan, repair and verification. */
#ifndef TEST_TRIAL_H
#define TEST_TRIAL_H

#include "startup_code.h"

#include "../../src/defect/defect.h"
#include "../../src/defect/verify.h"

static const struct arch *const machines[] = { &arch_x86_64, &arch_aarch64 };

/* A file, what was found out about it, and a plan for it. */
struct trial {
	struct synthetic s;
	const struct arch *arch;
	bool is_pie;
	const char *allowed;
	struct startup startup;
	struct finding finding;
	struct plan plan;
	struct outcome why;
	unsigned char result[FILE_SIZE];
};

static inline void begin(struct trial *t, const struct arch *arch)
{
	memset(t, 0, sizeof(*t));
	t->arch = arch;
	synthetic_begin(&t->s, arch);
}

/* Adds an entry for each letter: G GLOB_DAT, A absolute, J JUMP_SLOT, N none, I IRELATIVE. */
static inline void put_entries(struct trial *t, const char *letters)
{
	const struct arch *arch = t->arch;

	for (size_t i = 0; letters[i]; i++) {
		uint64_t slot = GOT + synthetic_word_size(&t->s) * i;
		uint32_t type = letters[i] == 'G' ? arch->glob_dat
		                : letters[i] == 'A' ? arch->absolute : arch->jump_slot;
		char name[] = { 'w', (char)('0' + i), '\0' };
		if (letters[i] == 'I')
			put_irelative(&t->s, arch, slot);
		else if (letters[i] == 'N')
			synthetic_entry(&t->s, (struct reloc){ 0 });
		else
			synthetic_entry(&t->s, (struct reloc){
				slot, type, synthetic_weak(&t->s, name), 0 });
	}
}

static inline void lower(struct synthetic *s, uint64_t base, struct elf_field field)
{
	uint64_t value = 0;

	assert_true(bytes_read((struct bytes){ s->data, FILE_SIZE }, base + field.offset[s->is64],
	                       field.width[s->is64], s->order, &value));
	if (value >= BASE && value < DATA_END)
		synthetic_set(s, base, field, value - BASE);
}

/* Static-PIEs are linked at 0, and some startup code relies on it. */
static inline void link_at_zero(struct synthetic *s)
{
	lower(s, 0, E_ENTRY);
	for (unsigned i = 0; i < s->phdrs; i++)
		lower(s, PHDRS_AT + i * PHDR_SIZE(s->is64), P_VADDR);
	for (unsigned i = 0; i < s->tags; i++)
		lower(s, synthetic_offset(DYNAMIC) + i * DYN_SIZE(s->is64), D_VAL);
	for (unsigned i = 0; i < s->entries; i++) {
		lower(s, synthetic_offset(RELA_DYN) + i * synthetic_entsize(s), R_OFFSET);
		if (s->rela)
			lower(s, synthetic_offset(RELA_DYN) + i * synthetic_entsize(s), R_ADDEND);
	}
}

static inline void diagnose(struct trial *t)
{
	synthetic_finish(&t->s);
	if (t->is_pie)
		link_at_zero(&t->s);
	synthetic_parse(&t->s);
	assert_true(defect_diagnose(&t->s.image, t->allowed, &t->startup, &t->finding, &t->why));
	assert_int_equal(t->finding.defect != NULL,
	                 t->finding.verdict == IRELFIX_VERDICT_BROKEN ||
	                 t->finding.verdict == IRELFIX_VERDICT_REFUSED);
}

static inline void end(struct trial *t)
{
	plan_free(&t->plan);
	startup_free(&t->startup);
	synthetic_free(&t->s);
}

static inline bool plan(struct trial *t, enum irelfix_strategy strategy)
{
	plan_free(&t->plan);
	plan_begin(&t->plan, &t->s.image);
	return defect_plan(&t->startup, &t->finding, strategy, &t->plan, &t->why);
}

static inline void assert_broken(const struct trial *t, const struct defect *defect)
{
	if (t->finding.why.status != IRELFIX_BROKEN)
		fail_msg("status %d: %s", t->finding.why.status, t->finding.why.text);
	assert_ptr_equal(t->finding.defect, defect);
}

static inline void assert_refused(const struct outcome *why, const char *text)
{
	assert_int_equal(why->status, IRELFIX_REFUSED);
	if (!strstr(why->text, text))
		fail_msg("%s", why->text);
}

static inline void assert_healthy(const struct trial *t, const char *text)
{
	if (t->finding.why.status != IRELFIX_OK)
		fail_msg("status %d: %s", t->finding.why.status, t->finding.why.text);
	assert_non_null(strstr(t->finding.why.text, text));
}

static inline void assert_cannot_start(const struct trial *t, const char *text)
{
	assert_int_equal(t->finding.verdict, IRELFIX_VERDICT_CANNOT_START);
	assert_refused(&t->finding.why, text);
}

/* Applies the plan to a copy and has the copy verified. */
static inline bool verify(struct trial *t)
{
	const struct repair repair = {
		.before = &t->startup, .finding = &t->finding, .plan = &t->plan,
	};
	struct image image;
	bool ok;

	memcpy(t->result, t->s.data, FILE_SIZE);
	assert_true(plan_apply(&t->plan, t->result, FILE_SIZE, &t->why));
	assert_true(image_parse((struct bytes){ t->result, FILE_SIZE }, &image, &t->why));
	ok = verify_repair(&repair, &image, &t->why);
	image_free(&image);
	return ok;
}

/* Plans a repair, which must succeed and verify. */
static inline void repair(struct trial *t, enum irelfix_strategy strategy)
{
	if (!plan(t, strategy) || !verify(t))
		fail_msg("%s", t->why.text);
}

/* The entry at @index of .rela.dyn in the result. */
static inline struct reloc entry_after(const struct trial *t, unsigned index)
{
	struct image image;
	struct reloc_table table;
	struct reloc reloc;
	struct outcome why;

	assert_true(image_parse((struct bytes){ t->result, FILE_SIZE }, &image, &why));
	assert_true(reloc_range(&image, RELA_DYN - (t->is_pie ? BASE : 0),
	                        rela_end(&t->s) - (t->is_pie ? BASE : 0),
	                        reloc_form(&image, t->s.rela), &table));
	reloc = reloc_get(&image, &table, index);
	image_free(&image);
	return reloc;
}

static inline uint64_t word_after(const struct trial *t, uint64_t address)
{
	uint64_t value;

	assert_true(bytes_read((struct bytes){ t->result, FILE_SIZE }, synthetic_offset(address),
	                       synthetic_word_size(&t->s), t->s.order, &value));
	return value;
}

/* ---- files of each class -------------------------------------------------------------------- */

static inline void begin_pie(struct trial *t, const struct arch *arch)
{
	begin(t, arch);
	t->is_pie = true;
	synthetic_set(&t->s, 0, E_TYPE, ET_DYN);
	synthetic_tag(&t->s, DT_FLAGS_1, DF_1_PIE);
	put_startup(&t->s, 0, 0);
}

static inline void begin_wide(struct trial *t, const struct arch *arch, const char *letters)
{
	begin(t, arch);
	put_entries(t, letters);
	put_startup(&t->s, RELA_DYN, rela_end(&t->s));
}

/* Both bounds are empty at the packed .rela.dyn, the entries in .rela.plt. */
static inline void begin_lost(struct trial *t, const struct arch *arch, const char *letters)
{
	begin(t, arch);
	synthetic_tag(&t->s, DT_ANDROID_RELA, RELA_DYN);
	synthetic_tag(&t->s, DT_ANDROID_RELASZ, 8);
	for (unsigned i = 0; letters[i]; i++) {
		struct reloc reloc = { GOT + 8 * i, arch->irelative, 0, RESOLVER };
		if (letters[i] == 'J')
			reloc = (struct reloc){ GOT + 8 * i, arch->jump_slot,
			                        synthetic_weak(&t->s, "w"), 0 };
		synthetic_plt_entry(&t->s, reloc);
	}
	put_startup(&t->s, RELA_DYN, RELA_DYN);
}

enum { INTERP_AT = 0x2f00 };

/* Names a dynamic linker, whatever else it is. */
static inline void put_interp(struct trial *t)
{
	strcpy((char *)t->s.data + INTERP_AT, "/lib/ld.so.1");
	synthetic_phdr(&t->s, PT_INTERP, DATA + INTERP_AT - 0x2000, 13, 13, PF_R);
}

static inline void assert_unverified(struct trial *t, const char *text)
{
	assert_false(verify(t));
	assert_int_equal(t->why.status, IRELFIX_UNVERIFIED);
	if (!strstr(t->why.text, text))
		fail_msg("%s", t->why.text);
}

#endif
