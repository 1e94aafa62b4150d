/* SPDX-License-Identifier: MIT */
/*
 * The library's face: every function in and out of order, and every allocation failed once.
 * Linked with --wrap=malloc --wrap=calloc --wrap=realloc --wrap=strdup.
 */
#include "startup_code.h"

#include "../../include/irelfix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- allocations that fail -------------------------------------------------------------------- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);

static long until_failure = -1; /* allocations that still succeed; -1: all */

static bool fails(void)
{
	return until_failure >= 0 && until_failure-- == 0;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

/* ---- files ---------------------------------------------------------------------------------- */

static char directory[] = "/tmp/irelfix-api-XXXXXX";
static char path[64], copy_path[64];
static struct synthetic s;

/* A file of the class wide-bounds, or with @letters that are all IRELATIVE a healthy one. */
static void make(const char *letters)
{
	FILE *file;

	synthetic_begin(&s, &arch_x86_64);
	for (unsigned i = 0; letters[i]; i++) {
		char name[] = { 'w', (char)('0' + i), '\0' };
		if (letters[i] == 'I')
			put_irelative(&s, s.arch, GOT + 8 * i);
		else
			put_stray(&s, s.arch, GOT + 8 * i, name);
	}
	synthetic_word(&s, GOT, 0xdead);
	put_startup(&s, RELA_DYN, rela_end(&s));
	synthetic_end(&s);
	synthetic_free(&s);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(s.data, 1, FILE_SIZE, file), FILE_SIZE);
	fclose(file);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/in", directory);
	snprintf(copy_path, sizeof(copy_path), "%s/out", directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	unlink(copy_path);
	return rmdir(directory);
}

static bool same_files(void)
{
	static unsigned char a[FILE_SIZE + 1], b[FILE_SIZE + 1];
	FILE *first = fopen(path, "rb"), *second = fopen(copy_path, "rb");
	size_t n = first ? fread(a, 1, sizeof(a), first) : 0;
	size_t m = second ? fread(b, 1, sizeof(b), second) : 0;

	if (first)
		fclose(first);
	if (second)
		fclose(second);
	return n == FILE_SIZE && m == n && memcmp(a, b, n) == 0;
}

/* How many mappings this process has. */
static size_t mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	size_t count = 0;
	int byte;

	assert_non_null(maps);
	while ((byte = fgetc(maps)) != EOF)
		count += byte == '\n';
	fclose(maps);
	return count;
}

/* ---- in order ------------------------------------------------------------------------------- */

static struct irelfix *planned(void)
{
	struct irelfix *file;

	assert_int_equal(irelfix_open(path, &file), IRELFIX_OK);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_BROKEN);
	assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_OK);
	return file;
}

static void test_the_header_s_example(void **state)
{
	struct irelfix *file;

	(void)state;
	make("GGI");
	file = planned();
	assert_int_equal(irelfix_write(file, copy_path, NULL), IRELFIX_OK);
	assert_string_equal(irelfix_message(file), "repaired (narrow): 4 edits into a new file");
	assert_int_equal(irelfix_reason(file), IRELFIX_REASON_NONE);
	irelfix_close(file);
	assert_false(same_files());
	assert_int_equal(irelfix_open(copy_path, &file), IRELFIX_OK);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_OK);
	assert_string_equal(irelfix_message(file), "healthy: statically linked, repaired earlier");
	irelfix_close(file);
}

static void test_in_place(void **state)
{
	struct irelfix *file;

	(void)state;
	make("GGI");
	file = planned();
	assert_int_equal(irelfix_verify(file), IRELFIX_OK);
	assert_int_equal(irelfix_write(file, copy_path, NULL), IRELFIX_OK);
	assert_int_equal(irelfix_write_in_place(file, NULL), IRELFIX_OK);
	assert_string_equal(irelfix_message(file), "repaired (narrow): 4 edits in place");
	irelfix_close(file);
	assert_true(same_files());
}

static void test_healthy(void **state)
{
	struct irelfix *file;

	(void)state;
	make("II");
	assert_int_equal(irelfix_open(path, &file), IRELFIX_OK);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_OK);
	assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_OK);
	assert_int_equal(irelfix_edit_count(file), 0);
	assert_int_equal(irelfix_verify(file), IRELFIX_OK);
	assert_int_equal(irelfix_write_in_place(file, NULL), IRELFIX_OK);
	assert_int_equal(irelfix_write(file, copy_path, NULL), IRELFIX_OK);
	assert_string_equal(irelfix_message(file), "healthy, copied into a new file");
	irelfix_close(file);
	assert_true(same_files());
}

static void test_what_is_known(void **state)
{
	struct irelfix_report report;
	struct irelfix_edit edit;
	struct irelfix *file;

	(void)state;
	make("GGI");
	file = planned();
	irelfix_report(file, &report, sizeof(report));
	assert_string_equal(report.defect, "wide-bounds");
	assert_string_equal(report.finding, "2 stray entries inside the iplt bounds");
	assert_string_equal(report.machine, "x86-64");
	assert_string_equal(report.table, "DT_RELA");
	assert_int_equal(report.strategy, IRELFIX_NARROW);
	assert_int_equal(report.entries, 3);
	assert_int_equal(report.stray, 2);
	assert_int_equal(report.irelative, 1);
	assert_int_equal(report.entry_size, 24);
	assert_int_equal(report.new_start, RELA_DYN + 48);
	assert_true(irelfix_edit(file, 0, &edit, sizeof(edit)));
	assert_int_equal(edit.stage, IRELFIX_STAGE_SLOT);
	assert_string_equal(edit.symbol, "w0");
	assert_false(irelfix_edit(file, irelfix_edit_count(file), &edit, sizeof(edit)));
	assert_string_equal(irelfix_entry(file, 0, false), "R_X86_64_GLOB_DAT");
	assert_string_equal(irelfix_entry(file, 0, true), "R_X86_64_NONE");
	assert_string_equal(irelfix_entry(file, 2, true), "R_X86_64_IRELATIVE");
	assert_null(irelfix_entry(file, 3, true));
	irelfix_close(file);
}

/* What was found stays known when the file has been written into. */
static void test_stray_entries(void **state)
{
	struct irelfix_stray stray;
	struct irelfix *file;

	(void)state;
	make("GIG");
	assert_int_equal(irelfix_open(path, &file), IRELFIX_OK);
	assert_false(irelfix_stray(file, 0, &stray, sizeof(stray)));
	assert_null(stray.type);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_BROKEN);
	assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_OK);
	assert_int_equal(irelfix_write_in_place(file, NULL), IRELFIX_OK);
	assert_true(irelfix_stray(file, 1, &stray, sizeof(stray)));
	assert_string_equal(stray.type, "R_X86_64_GLOB_DAT");
	assert_string_equal(stray.symbol, "w2");
	assert_int_equal(stray.slot, GOT + 16);
	assert_int_equal(stray.address, RELA_DYN + 48);
	assert_false(irelfix_stray(file, 2, &stray, sizeof(stray)));
	irelfix_close(file);
	make("II");
	assert_int_equal(irelfix_open(path, &file), IRELFIX_OK);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_OK);
	assert_false(irelfix_stray(file, 0, &stray, sizeof(stray)));
	irelfix_close(file);
}

/* A caller with an older header has smaller structures: nothing behind them is touched. */
static void test_smaller_structures(void **state)
{
	struct irelfix_report report, full;
	struct irelfix_edit edit;
	struct irelfix *file;

	(void)state;
	make("GGI");
	file = planned();
	irelfix_report(file, &full, sizeof(full));
	memset(&report, 0x5a, sizeof(report));
	irelfix_report(file, &report, offsetof(struct irelfix_report, machine));
	assert_ptr_equal(report.defect, full.defect);
	assert_int_equal(((unsigned char *)&report)[offsetof(struct irelfix_report, machine)], 0x5a);
	memset(&edit, 0x5a, sizeof(edit));
	assert_true(irelfix_edit(file, 0, &edit, sizeof(edit.offset)));
	assert_int_equal(edit.offset, synthetic_offset(GOT));
	assert_int_equal(((unsigned char *)&edit)[sizeof(edit.offset)], 0x5a);
	irelfix_close(file);
}

/* ---- from elsewhere ------------------------------------------------------------------------- */

static void test_from_a_descriptor(void **state)
{
	struct irelfix *file;
	int fd;

	(void)state;
	make("GGI");
	fd = open(path, O_RDONLY);
	assert_int_equal(irelfix_open_fd(fd, &file), IRELFIX_OK);
	close(fd);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_BROKEN);
	assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_OK);
	assert_int_equal(irelfix_write_in_place(file, NULL), IRELFIX_USAGE);
	assert_int_equal(irelfix_reason(file), IRELFIX_REASON_CALL);
	assert_int_equal(irelfix_write(file, copy_path, NULL), IRELFIX_OK);
	irelfix_close(file);
	assert_int_equal(irelfix_open_fd(-1, &file), IRELFIX_FILE);
	assert_int_equal(irelfix_reason(file), IRELFIX_REASON_SYSTEM);
	irelfix_close(file);
}

static void test_from_memory(void **state)
{
	static unsigned char result[FILE_SIZE];
	struct irelfix *file;
	struct stat status;

	(void)state;
	make("GGI");
	assert_int_equal(irelfix_open_memory(s.data, FILE_SIZE, &file), IRELFIX_OK);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_BROKEN);
	memcpy(result, s.data, FILE_SIZE);
	assert_int_equal(irelfix_apply(file, result, FILE_SIZE), IRELFIX_USAGE);
	assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_OK);
	assert_int_equal(irelfix_verify(file), IRELFIX_OK);
	assert_int_equal(irelfix_apply(file, result, FILE_SIZE - 1), IRELFIX_USAGE);
	assert_int_equal(irelfix_apply(file, result, FILE_SIZE), IRELFIX_OK);
	assert_int_equal(irelfix_apply(file, result, FILE_SIZE), IRELFIX_FILE);
	assert_int_equal(irelfix_write_in_place(file, NULL), IRELFIX_USAGE);
	assert_int_equal(irelfix_write(file, path, NULL), IRELFIX_OK);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0755);
	irelfix_close(file);
	assert_int_equal(irelfix_open_memory(result, FILE_SIZE, &file), IRELFIX_OK);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_OK);
	assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_OK);
	assert_int_equal(irelfix_write(file, copy_path, NULL), IRELFIX_OK);
	irelfix_close(file);
	assert_true(same_files());
	assert_int_equal(irelfix_open_memory("", 0, &file), IRELFIX_FILE);
	irelfix_close(file);
}

/* ---- out of order --------------------------------------------------------------------------- */

/* They come machine by machine, and a caller of an older version gets what that one had. */
static void test_models(void **state)
{
	struct irelfix_model model, small = { .name = "as before" };
	size_t count = 0, machines = 0;
	const char *machine = "";

	(void)state;
	for (; irelfix_model(count, &model, sizeof(model)); count++) {
		assert_non_null(strstr(model.emulator, "qemu-"));
		assert_true(model.name[0] && model.stands_for[0]);
		machines += strcmp(machine, model.machine) != 0;
		machine = model.machine;
	}
	assert_true(machines >= 2 && count >= 2 * machines);
	assert_null(model.name);
	assert_true(irelfix_model(0, &small, offsetof(struct irelfix_model, emulator)));
	assert_string_equal(small.machine, "x86-64");
	assert_string_equal(small.name, "as before");
}

static void test_out_of_order(void **state)
{
	struct irelfix_prove_options no_size = { .seconds = 1 };
	struct irelfix_write_options no_write_size = { .atomic = true };
	struct irelfix_report report;
	struct irelfix_edit edit;
	struct irelfix_proof proof;
	struct irelfix *file;
	char where[64];

	(void)state;
	make("GGI");
	assert_int_equal(irelfix_open(path, &file), IRELFIX_OK);
	irelfix_report(file, &report, sizeof(report));
	assert_null(report.defect);
	assert_int_equal(irelfix_edit_count(file), 0);
	assert_false(irelfix_edit(file, 0, &edit, sizeof(edit)));
	assert_int_equal(irelfix_proof_count(file), 0);
	assert_false(irelfix_proof(file, 0, &proof, sizeof(proof)));
	assert_null(irelfix_entry(file, 0, false));
	assert_false(irelfix_where(file, TEXT, where, sizeof(where)));
	assert_int_equal(irelfix_plan(file, IRELFIX_AUTO), IRELFIX_USAGE);
	assert_int_equal(irelfix_verify(file), IRELFIX_USAGE);
	assert_int_equal(irelfix_write(file, copy_path, NULL), IRELFIX_USAGE);
	assert_int_equal(irelfix_write_in_place(file, NULL), IRELFIX_USAGE);
	assert_int_equal(irelfix_prove(file, NULL), IRELFIX_USAGE);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_BROKEN);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_USAGE);
	assert_null(irelfix_entry(file, 0, true));
	assert_int_equal(irelfix_plan(file, IRELFIX_MOVE), IRELFIX_USAGE);
	assert_int_equal(irelfix_plan(file, (enum irelfix_strategy)77), IRELFIX_USAGE);
	assert_int_equal(irelfix_plan(file, IRELFIX_PAD), IRELFIX_OK);
	assert_int_equal(irelfix_plan(file, IRELFIX_NARROW), IRELFIX_USAGE);
	assert_int_equal(irelfix_prove(file, &no_size), IRELFIX_USAGE);
	assert_int_equal(irelfix_write(file, copy_path, &no_write_size), IRELFIX_USAGE);
	assert_int_equal(irelfix_reject(file, "read error"), IRELFIX_FILE);
	assert_string_equal(irelfix_message(file), "read error");
	assert_int_equal(irelfix_write(file, copy_path, NULL), IRELFIX_USAGE);
	assert_int_equal(irelfix_edit_count(file), 0);
	irelfix_close(file);
	irelfix_close(NULL);
	irelfix_report(NULL, &report, sizeof(report));
	assert_string_equal(irelfix_message(NULL), "no memory");
	assert_int_equal(irelfix_reason(NULL), IRELFIX_REASON_MEMORY);
}

static void test_what_cannot_be_opened(void **state)
{
	static const struct { const char *path; enum irelfix_reason reason; } rows[] = {
		{ "/nonexistent/file", IRELFIX_REASON_SYSTEM },
		{ "/", IRELFIX_REASON_SYSTEM },
		{ "/dev/null", IRELFIX_REASON_SYSTEM },
		{ "/etc/passwd", IRELFIX_REASON_NOT_ELF },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct irelfix *file;
		assert_int_equal(irelfix_open(rows[i].path, &file), IRELFIX_FILE);
		assert_int_equal(irelfix_reason(file), rows[i].reason);
		assert_int_equal(irelfix_diagnose(file), IRELFIX_USAGE);
		irelfix_close(file);
	}
}

/* A plan that failed leaves nothing behind, and another one may follow. */
static void test_a_plan_after_failed_ones(void **state)
{
	struct irelfix *file;
	size_t before;

	(void)state;
	make("GG"); /* nothing to pad with */
	before = mappings();
	assert_int_equal(irelfix_open(path, &file), IRELFIX_OK);
	assert_int_equal(irelfix_diagnose(file), IRELFIX_BROKEN);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(irelfix_plan(file, IRELFIX_PAD), IRELFIX_REFUSED);
		assert_int_equal(irelfix_reason(file), IRELFIX_REASON_NO_IRELATIVE);
	}
	assert_int_equal(irelfix_plan(file, IRELFIX_NARROW), IRELFIX_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(irelfix_verify(file), IRELFIX_OK);
	irelfix_close(file);
	assert_int_equal(mappings(), before);
}

/* ---- words ---------------------------------------------------------------------------------- */

static void test_words(void **state)
{
	(void)state;
	for (int i = 0; i < IRELFIX_REASON_COUNT; i++) {
		enum irelfix_reason reason = (enum irelfix_reason)i;
		assert_true(strlen(irelfix_strerror(reason)) > 0);
		assert_int_equal(strlen(irelfix_reason_name(reason)) > 0, i != 0);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(irelfix_reason_name(reason),
			                        irelfix_reason_name((enum irelfix_reason)j));
	}
	assert_string_equal(irelfix_strerror((enum irelfix_reason)9999), "an unknown reason");
	assert_string_equal(irelfix_reason_name((enum irelfix_reason)-1), "");
	assert_null(irelfix_advice((enum irelfix_reason)9999));
	assert_string_equal(irelfix_strategy_name(IRELFIX_DISARM), "disarm");
	assert_string_equal(irelfix_class_name(0), "wide-bounds");
	for (size_t i = 0; irelfix_class_name(i); i++)
		assert_non_null(irelfix_class_meaning(i));
	assert_null(irelfix_class_name(99));
	assert_null(irelfix_class_meaning(99));
	assert_null(irelfix_strategy_name(IRELFIX_AUTO));
	assert_null(irelfix_strategy_name((enum irelfix_strategy)-1));
	assert_string_equal(irelfix_stage_name(IRELFIX_STAGE_START), "start bound");
	assert_null(irelfix_stage_name((enum irelfix_stage)99));
}

/* ---- every allocation fails once ------------------------------------------------------------- */

/* Everything that can be done with a file; @return how the first step that failed ended. */
static enum irelfix_status go_through(struct irelfix **file, bool in_place)
{
	enum irelfix_status status = irelfix_open(path, file);

	if (status == IRELFIX_OK && (status = irelfix_diagnose(*file)) == IRELFIX_BROKEN)
		status = irelfix_plan(*file, IRELFIX_AUTO);
	if (status == IRELFIX_OK)
		status = irelfix_verify(*file);
	if (status == IRELFIX_OK)
		status = in_place ? irelfix_write_in_place(*file, NULL)
		                  : irelfix_write(*file, copy_path, NULL);
	return status;
}

static void check_failures(bool in_place)
{
	enum irelfix_status status;
	long failed = 0;
	bool done;

	do {
		struct irelfix *file;
		make("GGI");
		until_failure = failed;
		status = go_through(&file, in_place);
		done = until_failure >= 0; /* there were not so many */
		until_failure = -1;
		assert_int_equal(status, done ? IRELFIX_OK : IRELFIX_FILE);
		assert_int_equal(irelfix_reason(file), done ? IRELFIX_REASON_NONE
		                                            : IRELFIX_REASON_MEMORY);
		assert_true(strlen(irelfix_message(file)) > 0);
		irelfix_close(file);
		failed++;
	} while (!done && failed < 1000);
	print_message("%ld allocations failed\n", failed - 1);
	assert_true(failed > 20 && done);
}

/* Promise: An allocation that fails */
static void test_every_allocation_fails_once(void **state)
{
	(void)state;
	check_failures(false);
	check_failures(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_header_s_example),
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_what_is_known),
		cmocka_unit_test(test_stray_entries),
		cmocka_unit_test(test_smaller_structures),
		cmocka_unit_test(test_from_a_descriptor),
		cmocka_unit_test(test_from_memory),
		cmocka_unit_test(test_models),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_what_cannot_be_opened),
		cmocka_unit_test(test_a_plan_after_failed_ones),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_every_allocation_fails_once),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
