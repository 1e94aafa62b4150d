/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE /* unshare, syscall */
#else
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#endif
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

static void pause_for_ms(long milliseconds)
{
	const struct timespec pause = { .tv_nsec = milliseconds * 1000000 };

	nanosleep(&pause, NULL);
}

/* ---- shared memory -------------------------------------------------------------------------- */

/* What stands before the caller's bytes. */
struct head {
	size_t size; /* of all */
	volatile sig_atomic_t done;
	max_align_t bytes[];
};

static struct head *head_of(void *shared)
{
	return (struct head *)((char *)shared - offsetof(struct head, bytes));
}

void *keeper_share(size_t size)
{
	size_t whole = sizeof(struct head) + size;
	struct head *head = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	                         -1, 0);

	if (head == MAP_FAILED)
		return NULL;
	head->size = whole;
	return head->bytes;
}

void keeper_unshare(void *shared)
{
	if (shared)
		munmap(head_of(shared), head_of(shared)->size);
}

/* ---- in the keeper -------------------------------------------------------------------------- */

#ifdef __linux__

/*
 * Only the keeper waits for its children, so that their numbers stay theirs until then. In a group
 * other than the keeper's are its descendants only: it is that of a session which it began itself.
 */
static void kill_child(pid_t child)
{
	pid_t group = getpgid(child);

	if (group > 0 && group != getpgrp())
		kill(-group, SIGKILL);
	kill(child, SIGKILL);
}

/* The kernel has the numbers of the children, each with a blank behind it. */
static void kill_children(void)
{
	char text[4096];
	int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof(text));
	pid_t child = 0;

	for (ssize_t i = 0; i < length; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			child = child * 10 + (text[i] - '0');
			continue;
		}
		if (child > 0)
			kill_child(child);
		child = 0;
	}
	if (fd >= 0)
		close(fd);
}

/* Becomes the parent of what is left behind, and ends when @caller does. */
static void adopt(pid_t caller)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
	prctl(PR_SET_PDEATHSIG, (long)SIGTERM, 0L, 0L, 0L);
	if (getppid() != caller)
		_exit(1);
}

/* Where the kernel does not take it, users are nobody in the namespace, which does as well. */
static void tell_kernel(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		errno = 0;
	if (fd >= 0)
		close(fd);
}

/* Says in a file of /proc what a user or group of a new namespace is outside of it. */
static void map_id(const char *path, unsigned id)
{
	char text[32];

	snprintf(text, sizeof(text), "%u %u 1", id, id);
	tell_kernel(path, text);
}

/*
 * Whether the next child is the first process of a namespace of its own: with it the kernel ends all
 * of them at once, however fast they fork. Root may, and others where user namespaces are allowed.
 */
static bool enter_namespace(void)
{
	unsigned user = geteuid(), group = getegid();

	if (unshare(CLONE_NEWPID) == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0)
		return false;
	tell_kernel("/proc/self/setgroups", "deny");
	map_id("/proc/self/uid_map", user);
	map_id("/proc/self/gid_map", group);
	return true;
}

/* Nothing that is sent to it from inside the namespace gets at the first process. */
static void be_first(void)
{
	prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
	signal(SIGTERM, SIG_DFL);
}

static bool close_from(int first)
{
#ifdef SYS_close_range
	return syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0;
#else
	(void)first;
	return false;
#endif
}

#else

static void kill_children(void)
{
}

static void adopt(pid_t caller)
{
	(void)caller;
}

static bool enter_namespace(void)
{
	return false;
}

static void be_first(void)
{
}

static bool close_from(int first)
{
	(void)first;
	return false;
}

#endif

/*
 * A child that is killed leaves its own children to the keeper: it takes several rounds. There is
 * an end to them, as a program may have become another user's, whom nothing can be sent to.
 */
static void end_children(void)
{
	enum { ROUNDS = 2000 };
	pid_t ended = 0;

	for (int i = 0; i < ROUNDS && ended == 0; i++) {
		kill_children();
		do
			ended = waitpid(-1, NULL, WNOHANG);
		while (ended > 0);
		if (ended == 0)
			pause_for_ms(1);
	}
}

static void end(int sig)
{
	(void)sig;
	end_children();
	_exit(0);
}

/*
 * Another thread of the caller may be writing a program just now, and could not run it as long as
 * somebody else has it open.
 */
static void close_files(void)
{
	enum { FIRST = 3, MANY = 4096 };
	long limit = sysconf(_SC_OPEN_MAX);
	int in = open("/dev/null", O_RDONLY), out = open("/dev/null", O_WRONLY);

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	if (close_from(FIRST))
		return;
	for (int fd = FIRST; fd < (limit > 0 && limit < MANY ? limit : MANY); fd++)
		close(fd);
}

static void do_work(keeper_work *work, void *shared)
{
	work(shared);
	head_of(shared)->done = 1;
}

/* Does it in a process whose end is the end of all, where there can be such a one. */
static void do_work_inside(keeper_work *work, void *shared)
{
	pid_t first;

	if (!enter_namespace()) {
		do_work(work, shared);
		return;
	}
	first = fork();
	if (first == 0) {
		be_first();
		do_work(work, shared);
		_exit(0);
	}
	while (first > 0 && waitpid(first, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* All signals are blocked here: no handler of the caller's runs in this process. */
static void keep(keeper_work *work, void *shared, pid_t caller)
{
	struct sigaction action = { .sa_handler = end };
	sigset_t ends;

	setsid();
	close_files();
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGCHLD, SIG_DFL); /* where it is ignored there is nothing to wait for */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &ends, NULL);
	adopt(caller);
	do_work_inside(work, shared);
	end(0);
}

/* ---- in the caller -------------------------------------------------------------------------- */

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Also where the caller ignores SIGCHLD, so that the system has reaped it. */
static bool has_ended(pid_t keeper)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PID, (id_t)keeper, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
		return errno == ECHILD;
	return info.si_pid != 0;
}

static void reap(pid_t keeper)
{
	while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* Asks the keeper to end. One that a program has stopped does not hear it. */
static void dismiss(pid_t keeper)
{
	enum { GRACE_MS = 4000 };
	long long last = now_ms() + GRACE_MS;

	kill(keeper, SIGTERM);
	while (!has_ended(keeper) && now_ms() < last)
		pause_for_ms(1);
	if (!has_ended(keeper))
		kill(keeper, SIGKILL);
}

static enum keeper_end await(pid_t keeper, const struct keeper_limits *limits)
{
	long long last = now_ms() + limits->seconds * 1000LL;
	enum keeper_end result = KEEPER_DONE;

	while (result == KEEPER_DONE && !has_ended(keeper)) {
		if (limits->stop && limits->stop(limits->context))
			result = KEEPER_STOPPED;
		else if (now_ms() >= last)
			result = KEEPER_TIMED_OUT;
		else
			pause_for_ms(1);
	}
	if (result != KEEPER_DONE)
		dismiss(keeper);
	reap(keeper);
	return result;
}

enum keeper_end keeper_run(keeper_work *work, void *shared, const struct keeper_limits *limits)
{
	sigset_t all, before;
	pid_t caller = getpid(), keeper;
	enum keeper_end result;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	keeper = fork();
	if (keeper == 0)
		keep(work, shared, caller);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (keeper < 0)
		return KEEPER_FAILED;
	result = await(keeper, limits);
	if (head_of(shared)->done)
		return KEEPER_DONE;
	errno = ECHILD;
	return result == KEEPER_DONE ? KEEPER_FAILED : result;
}
