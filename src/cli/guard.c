/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* MAP_ANON, which POSIX has only since 2024 */
#include "guard.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* XNU maps no /dev/zero, and a bare container has none; what has no MAP_ANON has that. */
#if !defined(MAP_ANON) && defined(MAP_ANONYMOUS)
#define MAP_ANON MAP_ANONYMOUS
#endif
#ifdef MAP_ANON
enum { ZEROS = MAP_ANON };
#else
enum { ZEROS = 0 };
#endif

/* C11 leaves thread-local variables out along with threads; these compilers have them all the same. */
#if defined(__STDC_NO_THREADS__) && !defined(__GNUC__) && !defined(__clang__)
#define NO_THREAD_LOCAL
#endif
#ifdef NO_THREAD_LOCAL
#define OF_A_THREAD
#else
#define OF_A_THREAD _Thread_local
#endif

static int zeros = -1; /* /dev/zero, where it is needed */
static uintptr_t page_size;
static OF_A_THREAD volatile sig_atomic_t missed; /* pages that could not be read */
static volatile sig_atomic_t stop; /* the signal that asked for it, or 0 */
static volatile time_t stop_time;  /* of CLOCK_MONOTONIC, in seconds */

/* Only async-signal-safe calls; mmap is one wherever this program runs. */
static void put_zeros(int sig, siginfo_t *info, void *context)
{
	uintptr_t page = (uintptr_t)info->si_addr & ~(page_size - 1);

	(void)context;
	missed = 1;
	if (info->si_code <= 0 || mmap((void *)page, page_size, PROT_READ | PROT_WRITE,
	                               MAP_PRIVATE | MAP_FIXED | ZEROS, zeros, 0) == MAP_FAILED) {
		signal(sig, SIG_DFL); /* no access raised it, or there is no way out */
		raise(sig);
	}
}

/* timeout(1), and a terminal with a program above this one, send the same signal twice at once. */
static void note_stop(int sig)
{
	enum { AT_ONCE = 1 };
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (stop == 0) {
		stop_time = now.tv_sec;
		stop = sig;
	} else if (sig != SIGPIPE && now.tv_sec - stop_time > AT_ONCE) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
}

/*
 * A file that is opened next must not get the number of a stream. "/" can be opened everywhere,
 * and a directory can be neither read nor written: whoever uses the stream gets an error.
 */
static void take_closed_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/", O_RDONLY | O_DIRECTORY);
}

void guard_install(void)
{
	struct sigaction action = { .sa_sigaction = put_zeros, .sa_flags = SA_SIGINFO };

	take_closed_streams();
	if (ZEROS == 0)
		zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	sigemptyset(&action.sa_mask);
	if (ZEROS != 0 || zeros >= 0)
		sigaction(SIGBUS, &action, NULL);
}

bool guard_missed(void)
{
	bool any = missed != 0;

#ifndef NO_THREAD_LOCAL /* else nobody knows whose it was: from then on every file is in doubt */
	missed = 0;
#endif
	return any;
}

void guard_hold_stops(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct sigaction action = { .sa_handler = note_stop }, old;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(signals[i], &action, NULL);
}

int guard_stopped(void)
{
	return (int)stop;
}

void guard_stop(void)
{
	if (stop == 0)
		return;
	signal(stop, SIG_DFL);
	raise(stop);
}
