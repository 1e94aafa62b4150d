/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE /* PTRACE_TRACEME */
#include <sys/prctl.h>
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

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
		if (is_program(out))
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

static void set_limits(unsigned seconds)
{
	const struct rlimit no_core = { 0, 0 }, time = { seconds + 1, seconds + 1 };

	setrlimit(RLIMIT_CORE, &no_core);
	setrlimit(RLIMIT_CPU, &time);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
#endif
}

/* In the child: becomes the program, or tells the errno. Only async-signal-safe calls here. */
static void become(const char *const *argv, unsigned seconds, int output, int *failure, bool traced)
{
	char locale[] = "LC_ALL=C";
	char *const environment[] = { locale, NULL };
	sigset_t none;

	setpgid(0, 0);
	set_limits(seconds);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
#ifdef __linux__
	if (traced)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
#else
	(void)traced;
#endif
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execute(argv, environment);
	*failure = errno;
	_exit(127);
}

pid_t sandbox_start(const char *const *argv, unsigned seconds, int output, int *failure,
                    bool traced)
{
	pid_t child = fork();

	if (child == 0)
		become(argv, seconds, output, failure, traced);
	if (child > 0)
		setpgid(child, child); /* whoever of the two comes first */
	return child;
}

/* ---- a run, in its keeper ------------------------------------------------------------------- */

/* What a keeper shares. */
struct run {
	struct sandbox_result result;
	const char *const *argv;
	unsigned seconds;
};

/* A pipe whose ends no other program inherits; nothing waits at the end for reading. */
static bool make_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return true;
}

/* Keeps the beginning of the output, drops the rest. @return false when there is no more by now. */
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

/* Does not reap @child: its group must stay its own. */
static bool has_ended(pid_t child)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid != 0;
}

/* Reads until @child has ended. Others may keep the pipe open, and it may have closed it. */
static void collect(int fd, pid_t child, struct sandbox_result *out)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	bool ended;

	do {
		ended = has_ended(child); /* what it wrote before that is there */
		if (poll(&wait, 1, ended ? 0 : 1) > 0 && !(wait.revents & POLLIN))
			nanosleep(&pause, NULL); /* nobody writes any more */
		while (drain(fd, out, &length))
			continue;
	} while (!ended);
}

static void reap(pid_t child, struct sandbox_result *out)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	out->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	out->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void run(void *shared)
{
	struct run *this = shared;
	struct sandbox_result *result = &this->result;
	int output[2];
	pid_t child;

	if (!make_pipe(output)) {
		result->error = errno;
		return;
	}
	child = sandbox_start(this->argv, this->seconds, output[1], &result->error, false);
	if (child < 0) {
		result->error = errno;
		return;
	}
	close(output[1]);
	collect(output[0], child, result);
	kill(-child, SIGKILL);
	reap(child, result);
}

/* ---- a run, from outside -------------------------------------------------------------------- */

struct sandbox_result *sandbox_run(const char *const *argv, const struct keeper_limits *limits)
{
	struct run *this = keeper_share(sizeof(*this));
	int error;

	if (!this)
		return NULL;
	this->result.exit_code = -1;
	this->argv = argv;
	this->seconds = limits->seconds;
	this->result.end = keeper_run(run, this, limits);
	if (this->result.end != KEEPER_FAILED)
		return &this->result;
	error = errno;
	keeper_unshare(this);
	errno = error;
	return NULL;
}

/* The result is the first member of what is shared. */
void sandbox_free(struct sandbox_result *result)
{
	keeper_unshare(result);
}
