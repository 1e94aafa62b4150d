/* SPDX-License-Identifier: MIT */
/* Running one program: how its end is told, and that nothing is left of it. */
#include "../../src/prove/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { AT_ONCE = 5 };

static struct sandbox_result *run(const char *program, const char *argument, const char *more)
{
	const char *const argv[] = { program, argument, more, NULL };
	const struct keeper_limits limits = { .seconds = 10 };
	struct sandbox_result *result = sandbox_run(argv, &limits);

	assert_non_null(result);
	assert_int_equal(result->end, KEEPER_DONE);
	return result;
}

static void check_exit(const char *program, int code, int error, const char *output)
{
	struct sandbox_result *result = run(program, output[0] ? "heard" : NULL, NULL);

	assert_int_equal(result->exit_code, code);
	assert_int_equal(result->error, error);
	assert_string_equal(result->output, output);
	sandbox_free(result);
}

static void test_endings(void **state)
{
	(void)state;
	check_exit("/bin/true", 0, 0, "");
	check_exit("/bin/false", 1, 0, "");
	check_exit("/bin/echo", 0, 0, "heard\n");
	check_exit("/nonexistent/program", 127, ENOENT, "");
}

static void test_signals_and_long_output(void **state)
{
	struct sandbox_result *result = run("/bin/sh", "-c", "yes | head -c 100000; kill -ILL $$");

	(void)state;
	assert_int_equal(result->exit_code, -1);
	assert_int_equal(result->signal, SIGILL);
	assert_int_equal(strlen(result->output), sizeof(result->output) - 1);
	sandbox_free(result);
}

/* How many processes have @mark in their command line; numbers of a namespace say nothing here. */
static int count_processes(const char *mark)
{
	char command[200];
	FILE *list;
	int count = -1;

	snprintf(command, sizeof(command), "grep -lsa '[%c]%s' /proc/[0-9]*/cmdline | wc -l", mark[0],
	         mark + 1);
	list = popen(command, "r");
	assert_non_null(list);
	assert_int_equal(fscanf(list, "%d", &count), 1);
	pclose(list);
	return count;
}

/* @script is told a mark, which everything that it starts has in its command line. */
static void check_daemon(const char *script)
{
	time_t start = time(NULL);
	struct sandbox_result *result;
	char text[200], mark[32];

	snprintf(mark, sizeof(mark), "60.%ld%d", (long)start, (int)getpid());
	snprintf(text, sizeof(text), "mark=%s; %s", mark, script);
	result = run("/bin/sh", "-c", text);
	assert_int_equal(result->exit_code, 5);
	assert_string_equal(result->output, "begun\n");
	assert_int_equal(count_processes(mark), 0);
	assert_true(time(NULL) - start < AT_ONCE);
	sandbox_free(result);
}

static void test_nothing_is_left(void **state)
{
	(void)state;
	check_daemon("sleep $mark & echo begun; exit 5");
	check_daemon("setsid sh -c \"echo begun; sleep $mark\" & sleep 0.2; exit 5");
	check_daemon("setsid -f sh -c \"echo begun; setsid -f sleep $mark; sleep $mark\"; sleep 0.2; "
	             "exit 5");
}

static void test_time_is_up(void **state)
{
	const char *const argv[] = { "/bin/sh", "-c", "echo begun; sleep 60", NULL };
	const struct keeper_limits limits = { .seconds = 1 };
	struct sandbox_result *result = sandbox_run(argv, &limits);

	(void)state;
	assert_non_null(result);
	assert_int_equal(result->end, KEEPER_TIMED_OUT);
	assert_string_equal(result->output, "begun\n");
	sandbox_free(result);
}

static bool ask(void *context)
{
	int *asked = context;

	return ++*asked > 50;
}

static void test_stopped(void **state)
{
	const char *const argv[] = { "/bin/sleep", "60", NULL };
	int asked = 0;
	const struct keeper_limits limits = { .seconds = 60, .stop = ask, .context = &asked };
	struct sandbox_result *result = sandbox_run(argv, &limits);

	(void)state;
	assert_non_null(result);
	assert_int_equal(result->end, KEEPER_STOPPED);
	assert_int_equal(asked, 51);
	sandbox_free(result);
}

/* What is open in the caller is not open there: it would keep a program from being run. */
static void test_files_are_closed(void **state)
{
	struct sandbox_result *result;
	int fd = open("/dev/null", O_RDONLY), high = fcntl(fd, F_DUPFD, 500);

	(void)state;
	assert_true(high >= 500);
	result = run("/bin/sh", "-c", "read -r self name state parent rest </proc/self/stat; "
	             "ls /proc/$self/fd /proc/$parent/fd"); /* the numbers that are valid in /proc */
	assert_null(strstr(result->output, "\n500\n"));
	assert_non_null(strstr(result->output, "/fd:\n0\n1\n2\n"));
	sandbox_free(result);
	close(fd);
	close(high);
}

/* A script that somebody has open for writing, as a child of another thread may for a moment. */
static void test_who_writes_is_waited_for(void **state)
{
	const struct timespec moment = { .tv_nsec = 200000000 };
	char path[] = "/tmp/irelfix-unit-XXXXXX";
	int fd = mkstemp(path);
	struct sandbox_result *result;
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
	result = run(path, NULL, NULL);
	unlink(path);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	assert_int_equal(result->error, 0);
	assert_int_equal(result->exit_code, 5);
	sandbox_free(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_endings),
		cmocka_unit_test(test_signals_and_long_output),
		cmocka_unit_test(test_nothing_is_left),
		cmocka_unit_test(test_time_is_up),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_files_are_closed),
		cmocka_unit_test(test_who_writes_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
