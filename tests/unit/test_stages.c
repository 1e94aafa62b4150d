/* SPDX-License-Identifier: MIT */
/*
 * A repair in place that stops: after any edit, or by power loss, when a disk has written some of the
 * edits since the last sync and others not. Between stages there is a sync; within one, any subset of
 * the writes may be on disk.
 */
#include "trial.h"

/* What is on disk: the stages before one, and some of its edits. */
struct left {
	struct trial *t;
	enum irelfix_strategy strategy;
	size_t complete; /* edits of the stages before */
	size_t kept;     /* bit n: edit complete + n */
};

static bool is_on_disk(const struct left *left, size_t index)
{
	return index < left->complete ||
	       (index - left->complete < 64 && (left->kept >> (index - left->complete) & 1));
}

static void put_on_disk(const struct left *left, unsigned char *data)
{
	const struct plan *plan = &left->t->plan;

	memcpy(data, left->t->s.data, FILE_SIZE);
	for (size_t i = 0; i < plan->count; i++)
		if (is_on_disk(left, i))
			memcpy(data + plan->edits[i].offset, plan->edits[i].new_bytes,
			       plan->edits[i].size);
}

/* Another repair of what is on disk leads to the very same bytes. */
static void check_completion(const struct left *left)
{
	static struct trial other;

	memset(&other, 0, sizeof(other));
	put_on_disk(left, other.s.data);
	synthetic_parse(&other.s);
	assert_true(defect_diagnose(&other.s.image, NULL, &other.startup, &other.finding, &other.why));
	memcpy(other.result, other.s.data, FILE_SIZE);
	if (other.finding.why.status == IRELFIX_BROKEN) {
		if (!plan(&other, left->strategy) || !verify(&other))
			fail_msg("after %zu edits and %#zx: %s", left->complete, left->kept,
			         other.why.text);
	} else {
		assert_int_equal(other.finding.why.status, IRELFIX_OK);
	}
	assert_memory_equal(other.result, left->t->result, FILE_SIZE);
	plan_free(&other.plan);
	startup_free(&other.startup);
	image_free(&other.s.image);
}

/* Every subset of every stage. @return how many there are. */
static size_t check_every_power_loss(struct trial *t, enum irelfix_strategy strategy)
{
	size_t count = 0;

	for (size_t done = 0; done < t->plan.count; done += plan_stage(&t->plan, done)) {
		size_t subsets = (size_t)1 << plan_stage(&t->plan, done);
		assert_true(plan_stage(&t->plan, done) < 12);
		for (size_t kept = 0; kept < subsets; kept++, count++)
			check_completion(&(struct left){ t, strategy, done, kept });
	}
	return count;
}

static void check_ordered(struct trial *t, enum irelfix_strategy strategy)
{
	diagnose(t);
	repair(t, strategy);
	assert_true(t->plan.ordered);
	print_message("%s, %s: %zu states of a disk completed\n", t->arch->name,
	              t->finding.defect->name, check_every_power_loss(t, strategy));
	end(t);
}

/* Promise: `-i`: stopped anywhere */
static void test_narrowed(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		begin_wide(&t, machines[i], "GGAII");
		synthetic_word(&t.s, GOT, 0xdead);
		synthetic_word(&t.s, GOT + 16, 0xbeef);
		check_ordered(&t, IRELFIX_NARROW);
	}
}

/* Promise: `-i`: stopped anywhere */
static void test_detached(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct trial t;
		begin_wide(&t, machines[i % 2], i < 2 ? "GAII" : "II");
		put_interp(&t);
		put_interp(&t);
		check_ordered(&t, IRELFIX_AUTO);
	}
}

/* Promise: `-i`: stopped anywhere */
static void test_padded(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		begin_wide(&t, machines[i], "GGAII");
		synthetic_word(&t.s, GOT, 0xdead);
		check_ordered(&t, IRELFIX_PAD);
	}
}

/*
 * A static-PIE's entries go in two stages: without a sync between them the entry by which the defect
 * is recognised could be gone first, and a second run would call the file healthy with other bytes.
 *
 * Promise: `-i`: stopped anywhere
 */
static void test_disarmed(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct trial t;
		begin_pie(&t, machines[i]);
		synthetic_entry(&t.s, (struct reloc){ GOT + 0x80, machines[i]->relative, 0, TEXT });
		put_entries(&t, "GJAJG");
		synthetic_word(&t.s, GOT, 0xdead);
		synthetic_word(&t.s, GOT + 8, 0xbeef);
		check_ordered(&t, IRELFIX_AUTO);
	}
}

/* What the stages are for: the same plan, taken as one stage, cannot be completed. */
static void test_without_the_sync_between_entries(void **state)
{
	struct trial t;
	struct finding finding;
	struct startup startup;
	struct image image;
	struct left left;

	(void)state;
	begin_pie(&t, machines[0]);
	put_entries(&t, "JG");
	synthetic_word(&t.s, GOT, 0xdead);
	diagnose(&t);
	repair(&t, IRELFIX_AUTO);
	assert_int_equal(t.plan.count, 3);
	assert_int_equal(t.plan.edits[1].stage, IRELFIX_STAGE_HARMLESS);
	assert_int_equal(t.plan.edits[2].stage, IRELFIX_STAGE_ENTRY);
	left = (struct left){ &t, IRELFIX_AUTO, 0, 1 << 0 | 1 << 2 };
	put_on_disk(&left, t.result);
	assert_true(image_parse((struct bytes){ t.result, FILE_SIZE }, &image, &t.why));
	assert_true(defect_diagnose(&image, NULL, &startup, &finding, &t.why));
	assert_int_equal(finding.why.status, IRELFIX_OK);
	startup_free(&startup);
	image_free(&image);
	end(&t);
}

/* Entries that move, two places for one bound, or no known bounds: no order of edits is safe. */
static void test_plans_that_are_not_ordered(void **state)
{
	struct trial t;

	(void)state;
	begin_wide(&t, &arch_x86_64, "IGI");
	diagnose(&t);
	repair(&t, IRELFIX_NARROW);
	assert_false(t.plan.ordered);
	end(&t);
	begin(&t, &arch_x86_64);
	put_entries(&t, "GGI");
	diagnose(&t);
	assert_false(t.startup.loop.found);
	repair(&t, IRELFIX_PAD);
	assert_false(t.plan.ordered);
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_narrowed),
		cmocka_unit_test(test_detached),
		cmocka_unit_test(test_padded),
		cmocka_unit_test(test_disarmed),
		cmocka_unit_test(test_without_the_sync_between_entries),
		cmocka_unit_test(test_plans_that_are_not_ordered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
