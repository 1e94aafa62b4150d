/* SPDX-License-Identifier: MIT */
/* What verification sees: everything that startup will read, and everything that was planned. */
#include "trial.h"

/* An IRELATIVE entry with this slot and resolver behind a stray one. */
static void begin_odd_irelative(struct trial *t, uint64_t slot, uint64_t resolver)
{
	begin(t, &arch_x86_64);
	put_entries(t, "G");
	synthetic_entry(&t->s, (struct reloc){ slot, arch_x86_64.irelative, 0, resolver });
	put_startup(&t->s, RELA_DYN, rela_end(&t->s));
	diagnose(t);
	assert_broken(t, &defect_wide_bounds);
	assert_true(plan(t, IRELFIX_NARROW));
}

static void test_verification_looks_at_slots_and_resolvers(void **state)
{
	struct trial t;

	(void)state;
	begin_odd_irelative(&t, GOT, TEXT);
	assert_true(verify(&t));
	end(&t);
	begin_odd_irelative(&t, DATA_END - 8, TEXT + 0xfff);
	assert_true(verify(&t));
	end(&t);
	begin_odd_irelative(&t, TEXT, TEXT);
	assert_unverified(&t, "entry 0: its slot 0x202000 is not writable");
	end(&t);
	begin_odd_irelative(&t, DATA_END - 7, TEXT);
	assert_unverified(&t, "entry 0: its slot 0x205ff9 is not writable");
	end(&t);
	begin_odd_irelative(&t, GOT, DATA);
	assert_unverified(&t, "entry 0: its resolver 0x204000 is not executable");
	end(&t);
	begin_odd_irelative(&t, GOT, 0);
	assert_unverified(&t, "entry 0: its resolver 0x0 is not executable");
	end(&t);
}

/* Bounds that leave an entry out hold nothing that is wrong, but they are not the expected ones. */
static void test_verification_notices_other_bounds(void **state)
{
	struct trial t;
	struct irelfix_edit *edit;

	(void)state;
	begin_wide(&t, &arch_x86_64, "GII");
	diagnose(&t);
	repair(&t, IRELFIX_NARROW);
	edit = &t.plan.edits[t.plan.count - 1];
	assert_int_equal(edit->stage, IRELFIX_STAGE_START);
	edit->new_bytes[3] = (unsigned char)(edit->new_bytes[3] + 24); /* the distance of the lea */
	assert_unverified(&t, "startup reads the bounds 0x200830..0x200848 from the result, expected "
	                      "0x200818..0x200848");
	end(&t);
}

/* ---- mutations ------------------------------------------------------------------------------ */

/* What a trial looks like, and how it is repaired. */
struct kind {
	const char *name;
	void (*begin)(struct trial *t, const struct arch *arch);
	enum irelfix_strategy strategy;
};

/* Slots that hold garbage, entries in front and between, and the bounds' symbols. */
static void begin_mixed(struct trial *t, const struct arch *arch)
{
	begin_wide(t, arch, "GIAJGI");
	synthetic_word(&t->s, GOT, 0xdead);
	synthetic_word(&t->s, GOT + 3 * synthetic_word_size(&t->s), 0xbeef);
	synthetic_bound_symbols(&t->s, RELA_DYN, rela_end(&t->s));
}

static void begin_empty(struct trial *t, const struct arch *arch)
{
	begin_wide(t, arch, "GA");
	synthetic_word(&t->s, GOT, 0xdead);
	synthetic_bound_symbols(&t->s, RELA_DYN, rela_end(&t->s));
}

static void begin_lost_symbols(struct trial *t, const struct arch *arch)
{
	begin_lost(t, arch, "JII");
	synthetic_bound_symbols(&t->s, RELA_DYN, RELA_DYN);
}

static void begin_biased(struct trial *t, const struct arch *arch)
{
	begin_pie(t, arch);
	synthetic_entry(&t->s, (struct reloc){ GOT + 0x80, arch->relative, 0, TEXT });
	put_entries(t, "GJAG");
	synthetic_word(&t->s, GOT, 0xdead);
	synthetic_word(&t->s, GOT + synthetic_word_size(&t->s), 0xbeef);
}

static void begin_interp(struct trial *t, const struct arch *arch)
{
	begin(t, arch);
	put_entries(t, "II");
	put_startup(&t->s, RELA_DYN, rela_end(&t->s));
	put_interp(t);
	put_interp(t);
}

static void begin_wide_interp(struct trial *t, const struct arch *arch)
{
	begin_mixed(t, arch);
	put_interp(t);
}

static const struct kind kinds[] = {
	{ "static-interp, twice", begin_interp, IRELFIX_AUTO },
	{ "static-interp and wide-bounds", begin_wide_interp, IRELFIX_NARROW },
	{ "wide-bounds, narrowed", begin_mixed, IRELFIX_NARROW },
	{ "wide-bounds, padded", begin_mixed, IRELFIX_PAD },
	{ "wide-bounds without IRELATIVE", begin_empty, IRELFIX_NARROW },
	{ "lost-irelative", begin_lost_symbols, IRELFIX_AUTO },
	{ "biased-weak", begin_biased, IRELFIX_AUTO },
};

/* The mutant must not pass. @byte: which byte of the edit is wrong, or SIZE_MAX for none at all. */
static void check_noticed(struct trial *t, const struct kind *kind, size_t index, size_t byte)
{
	const struct irelfix_edit *edit = &t->plan.edits[index];

	if (verify(t))
		fail_msg("%s, %s: %s at 0x%llx: %s %zu is not noticed", t->arch->name, kind->name,
		         irelfix_stage_name(edit->stage), (unsigned long long)edit->offset,
		         byte == SIZE_MAX ? "edit" : "byte", byte == SIZE_MAX ? index : byte);
	assert_int_equal(t->why.status, IRELFIX_UNVERIFIED);
}

/* The plan lacks edit @index. */
static void drop(struct trial *t, const struct kind *kind, size_t index)
{
	struct irelfix_edit saved = t->plan.edits[index];
	size_t behind = t->plan.count - index - 1;

	memmove(&t->plan.edits[index], &t->plan.edits[index + 1], behind * sizeof(saved));
	t->plan.count--;
	check_noticed(t, kind, index < t->plan.count ? index : index - 1, SIZE_MAX);
	memmove(&t->plan.edits[index + 1], &t->plan.edits[index], behind * sizeof(saved));
	t->plan.edits[index] = saved;
	t->plan.count++;
}

/* Each byte of edit @index is wrong in turn: in the plan itself, so that it was written as planned. */
static void corrupt(struct trial *t, const struct kind *kind, size_t index)
{
	struct irelfix_edit *edit = &t->plan.edits[index];

	for (size_t i = 0; i < edit->size; i++) {
		edit->new_bytes[i] ^= 0xff;
		check_noticed(t, kind, index, i);
		edit->new_bytes[i] ^= 0xff;
	}
}

/* Promise: Only the planned bytes change */
static void test_every_mutation_is_noticed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (int j = 0; j < 2; j++) {
			struct trial t;
			kinds[i].begin(&t, machines[j]);
			diagnose(&t);
			repair(&t, kinds[i].strategy);
			for (size_t k = 0; k < t.plan.count; k++) {
				if (t.plan.count > 1)
					drop(&t, &kinds[i], k);
				corrupt(&t, &kinds[i], k);
			}
			print_message("%s, %s: %zu edits dropped and corrupted\n",
			              t.arch->name, kinds[i].name, t.plan.count);
			assert_true(verify(&t));
			end(&t);
		}
	}
}

/*
 * What is on disk is not what was planned: noticed without what was there before, too.
 *
 * Promise: Only the planned bytes change
 */
static void test_what_is_on_disk(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct trial t;
		kinds[i].begin(&t, machines[0]);
		diagnose(&t);
		repair(&t, kinds[i].strategy);
		for (size_t k = 0; k < t.plan.count; k++) {
			const struct irelfix_edit *edit = &t.plan.edits[k];
			const struct repair written = { .finding = &t.finding, .plan = &t.plan };
			struct image image;
			t.result[edit->offset + edit->size - 1] ^= 1;
			assert_true(image_parse((struct bytes){ t.result, FILE_SIZE }, &image,
			                        &t.why));
			assert_false(verify_repair(&written, &image, &t.why));
			assert_int_equal(t.why.status, IRELFIX_UNVERIFIED);
			image_free(&image);
			t.result[edit->offset + edit->size - 1] ^= 1;
		}
		end(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verification_looks_at_slots_and_resolvers),
		cmocka_unit_test(test_verification_notices_other_bounds),
		cmocka_unit_test(test_every_mutation_is_noticed),
		cmocka_unit_test(test_what_is_on_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
