/* SPDX-License-Identifier: MIT */
/* Running one program: how its end is told. */
#include "../../src/prove/sandbox.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct sandbox_result run(const char *program, const char *argument)
{
	const char *const argv[] = { program, argument, NULL };
	struct sandbox_result result;

	assert_true(sandbox_run(argv, 10, &result));
	return result;
}

static void test_endings(void **state)
{
	(void)state;
	assert_int_equal(run("/bin/true", NULL).exit_code, 0);
	assert_int_equal(run("/bin/false", NULL).exit_code, 1);
	assert_string_equal(run("/bin/echo", "heard").output, "heard\n");
	assert_int_equal(run("/nonexistent/program", NULL).error, ENOENT);
}

/* A script that somebody has open for writing, as a child of another thread may for a moment. */
static void test_who_writes_is_waited_for(void **state)
{
	const struct timespec moment = { .tv_nsec = 200000000 };
	char path[] = "/tmp/irelfix-unit-XXXXXX";
	int fd = mkstemp(path);
	struct sandbox_result result;
	pid_t writer;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "#!/bin/sh\nexit 5\n", 17), 17);
	assert_int_equal(fchmod(fd, 0700), 0);
	writer = fork();
	if (writer == 0) {
		nanosleep(&moment, NULL);
		_exit(0);
	}
	close(fd);
	result = run(path, NULL);
	unlink(path);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	assert_int_equal(result.error, 0);
	assert_int_equal(result.exit_code, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_endings),
		cmocka_unit_test(test_who_writes_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
