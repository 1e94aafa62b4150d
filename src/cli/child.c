/* SPDX-License-Identifier: MIT */
#include "child.h"

#include "text.h"

#include <errno.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const int passed_on[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
enum { PASSED_ON = sizeof(passed_on) / sizeof(passed_on[0]) };

static volatile sig_atomic_t running; /* the child, for the handler */

/* What a terminal sends goes to its whole process group: only what came from a process is sent. */
static void pass_on(int sig, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)context;
	if (info->si_code == SI_USER || info->si_code == SI_QUEUE || info->si_code < 0)
		kill((pid_t)running, sig);
	errno = saved;
}

/* An ignored signal stays ignored, here as in the child. */
static void catch_signals(struct sigaction old[PASSED_ON])
{
	struct sigaction action = { .sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_RESTART };

	sigemptyset(&action.sa_mask);
	for (int i = 0; i < PASSED_ON; i++) {
		sigaction(passed_on[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(passed_on[i], &action, NULL);
	}
}

static void release_signals(const struct sigaction old[PASSED_ON])
{
	for (int i = 0; i < PASSED_ON; i++)
		sigaction(passed_on[i], &old[i], NULL);
}

/* Starts the command with the signal mask @mask. */
static int start(char *const *command, const sigset_t *mask, pid_t *child)
{
	posix_spawnattr_t attributes;
	int error = posix_spawnattr_init(&attributes);

	if (error != 0)
		return error;
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, mask);
	error = posix_spawnp(child, command[0], NULL, &attributes, command, environ);
	posix_spawnattr_destroy(&attributes);
	return error;
}

/* The child stays a zombie until signals are no longer sent to its number. */
static void wait_for(pid_t child)
{
	siginfo_t info;

	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
		continue;
}

void child_hold(sigset_t *mask)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, mask);
}

void child_release(const sigset_t *mask)
{
	sigprocmask(SIG_SETMASK, mask, NULL);
}

int child_run(char *const *command, const sigset_t *mask, int *status)
{
	struct sigaction old[PASSED_ON];
	sigset_t held;
	pid_t child = 0;
	int error;

	signal(SIGCHLD, SIG_DFL); /* where it is ignored there is nothing to wait for */
	error = start(command, mask, &child);
	if (error != 0)
		return error;
	running = child;
	catch_signals(old);
	sigprocmask(SIG_SETMASK, mask, &held);
	wait_for(child);
	sigprocmask(SIG_SETMASK, &held, NULL);
	release_signals(old);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		continue;
	return 0;
}

int child_end(int status)
{
	const struct rlimit no_core = { 0, 0 };
	sigset_t mask;

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	setrlimit(RLIMIT_CORE, &no_core); /* the core that counts is the command's */
	signal(WTERMSIG(status), SIG_DFL);
	sigemptyset(&mask);
	sigaddset(&mask, WTERMSIG(status));
	sigprocmask(SIG_UNBLOCK, &mask, NULL);
	raise(WTERMSIG(status));
	return 128 + WTERMSIG(status);
}

int child_become(char *const *command)
{
	execvp(command[0], command);
	return errno;
}

int child_not_run(const char *command, int error)
{
	text_complain(command, "cannot run: %s", strerror(error));
	return error == ENOENT ? CHILD_NOT_FOUND : CHILD_NOT_RUN;
}
