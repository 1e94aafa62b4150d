/* SPDX-License-Identifier: MIT */
/*
 * What is worked out once: startup for the input, for the bytes that get the edits, and for the
 * result; each function of each once.
 * Linked with --wrap=image_parse --wrap=loop_find --wrap=flow_build.
 */
#include "startup_code.h"

#include "../../include/irelfix.h"
#include "../../src/startup/loop.h"

#include <unistd.h>

enum { FUNCTIONS_MAX = 64 };

static struct {
	unsigned parses, loops, starts;
	const struct flow_context *contexts[FUNCTIONS_MAX];
	uint64_t functions[FUNCTIONS_MAX];
	unsigned built;
} counts;

bool __real_image_parse(struct bytes file, struct image *out, struct outcome *why);
bool __wrap_image_parse(struct bytes file, struct image *out, struct outcome *why);
bool __real_loop_find(struct functions *functions, const struct reloc_tables *tables,
                      struct loop *out, struct outcome *why);
bool __wrap_loop_find(struct functions *functions, const struct reloc_tables *tables,
                      struct loop *out, struct outcome *why);
bool __real_flow_build(struct flow_context *context, uint64_t entry, struct flow *out);
bool __wrap_flow_build(struct flow_context *context, uint64_t entry, struct flow *out);

bool __wrap_image_parse(struct bytes file, struct image *out, struct outcome *why)
{
	counts.parses++;
	return __real_image_parse(file, out, why);
}

bool __wrap_loop_find(struct functions *functions, const struct reloc_tables *tables,
                      struct loop *out, struct outcome *why)
{
	counts.loops++;
	return __real_loop_find(functions, tables, out, why);
}

bool __wrap_flow_build(struct flow_context *context, uint64_t entry, struct flow *out)
{
	counts.starts += entry == TEXT;
	for (unsigned i = 0; i < counts.built; i++)
		assert_false(counts.contexts[i] == context && counts.functions[i] == entry);
	assert_true(counts.built < FUNCTIONS_MAX);
	counts.contexts[counts.built] = context;
	counts.functions[counts.built++] = entry;
	return __real_flow_build(context, entry, out);
}

static void make(struct synthetic *s)
{
	synthetic_begin(s, &arch_x86_64);
	put_stray(s, s->arch, GOT, "w");
	put_irelative(s, s->arch, GOT + 8);
	put_startup(s, RELA_DYN, rela_end(s));
	synthetic_finish(s);
}

/* irelfix IN -o OUT --prove; the proof finds no main here, but has to look for it. */
static void test_into_a_new_file(void **state)
{
	char path[] = "/tmp/irelfix-counts-XXXXXX";
	static struct synthetic s;
	struct irelfix *file;

	(void)state;
	close(mkstemp(path));
	make(&s);
	memset(&counts, 0, sizeof(counts));
	assert_int_equal(irelfix_open_memory(s.data, FILE_SIZE, &file), IRELFIX_OK);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_BROKEN);
	assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_OK);
	assert_int_equal(irelfix_prove(file, NULL), IRELFIX_FILE);
	assert_int_equal(irelfix_write(file, path, NULL), IRELFIX_OK);
	irelfix_close(file);
	unlink(path);
	print_message("image_parse %u, loop_find %u, _start decoded %u, functions decoded %u\n",
	              counts.parses, counts.loops, counts.starts, counts.built);
	assert_int_equal(counts.parses, 2);
	assert_int_equal(counts.loops, 2);
	assert_int_equal(counts.starts, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_into_a_new_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
