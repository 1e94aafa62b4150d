/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE /* PTRACE_TRACEME */
#include <sys/ptrace.h>
#endif
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

char *sandbox_find(const char *name)
{
	const char *path = strchr(name, '/') ? "" : getenv("PATH");
	size_t room = strlen(name) + (path ? strlen(path) : 0) + 3;
	char *out = malloc(room);

	while (out && path) {
		size_t length = strcspn(path, ":");
		memcpy(out, path, length);
		strcpy(out + length, length ? "/" : "");
		strcat(out, name);
		if (access(out, X_OK) == 0)
			return out;
		path = path[length] ? path + length + 1 : NULL;
	}
	free(out);
	return NULL;
}

/*
 * A child of another thread has inherited the descriptor by which the program was written, until it
 * executes its own. Returns with errno.
 */
static void execute(const char *const *argv, char *const *environment)
{
	enum { TRIES = 200 };
	const struct timespec pause = { .tv_nsec = 5000000 };

	for (int i = 0; i < TRIES; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		execve(argv[0], (char *const *)(uintptr_t)argv, environment);
		if (errno != ETXTBSY)
			return;
	}
}

/* In the child: becomes the program, or tells the errno. Only async-signal-safe calls here. */
static void become(const char *const *argv, unsigned seconds, int output, int failure,
                   bool traced)
{
	char locale[] = "LC_ALL=C";
	char *const environment[] = { locale, NULL };
	const struct rlimit no_core = { 0, 0 }, time = { seconds + 1, seconds + 1 };
	int error, input = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	setrlimit(RLIMIT_CORE, &no_core);
	setrlimit(RLIMIT_CPU, &time);
	dup2(input, 0);
	dup2(output, 1);
	dup2(output, 2);
#ifdef __linux__
	if (traced)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
#else
	(void)traced;
#endif
	execute(argv, environment);
	error = errno;
	_exit(write(failure, &error, sizeof(error)) == sizeof(error) ? 127 : 126);
}

pid_t sandbox_start(const char *const *argv, unsigned seconds, int output, int failure, bool traced)
{
	pid_t child = fork();

	if (child == 0)
		become(argv, seconds, output, failure, traced);
	if (child > 0)
		setpgid(child, child); /* whoever of the two comes first */
	return child;
}

/* A pipe whose ends no other program inherits. */
static bool make_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return true;
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Keeps the beginning of the output, drops the rest. @return false at its end. */
static bool drain(int fd, struct sandbox_result *out, size_t *length)
{
	char buffer[4096];
	ssize_t n = read(fd, buffer, sizeof(buffer));
	size_t room = sizeof(out->output) - 1 - *length;

	if (n <= 0)
		return n < 0 && errno == EINTR;
	memcpy(out->output + *length, buffer, (size_t)n < room ? (size_t)n : room);
	*length += (size_t)n < room ? (size_t)n : room;
	return true;
}

/* Reads until all writers are gone or the time is up. */
static void collect(int fd, long long end, struct sandbox_result *out)
{
	size_t length = 0;

	for (;;) {
		long long left = end - now_ms();
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		if (left <= 0)
			return;
		if (poll(&wait, 1, (int)left) > 0 && !drain(fd, out, &length))
			return;
	}
}

/* Waits for the end of @child, but does not reap it: its group must stay its own. */
static bool ended_by(pid_t child, long long end)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	siginfo_t info = { .si_pid = 0 };

	for (;;) {
		if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		    info.si_pid != 0)
			return true;
		if (now_ms() >= end)
			return false;
		nanosleep(&pause, NULL);
	}
}

static void reap(pid_t child, struct sandbox_result *out)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	out->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	out->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void watch(pid_t child, int output, unsigned seconds, struct sandbox_result *out)
{
	long long end = now_ms() + seconds * 1000LL;

	collect(output, end, out);
	out->timed_out = !ended_by(child, end);
	kill(-child, SIGKILL);
	reap(child, out);
}

bool sandbox_run(const char *const *argv, unsigned seconds, struct sandbox_result *out)
{
	int output[2], failure[2];
	pid_t child;

	*out = (struct sandbox_result){ .exit_code = -1 };
	if (!make_pipe(output))
		return false;
	if (!make_pipe(failure)) {
		close(output[0]);
		close(output[1]);
		return false;
	}
	child = sandbox_start(argv, seconds, output[1], failure[1], false);
	close(output[1]);
	close(failure[1]);
	if (child > 0) {
		watch(child, output[0], seconds, out);
		if (read(failure[0], &out->error, sizeof(out->error)) != sizeof(out->error))
			out->error = 0;
	}
	close(output[0]);
	close(failure[0]);
	return child > 0;
}
