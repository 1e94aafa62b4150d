/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* SIGXFSZ: the BSDs count it to X/Open */
#include "signals.h"

#include <pthread.h>

void signals_hold(sigset_t *before)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGXFSZ);
	pthread_sigmask(SIG_BLOCK, &held, before);
}

/* A write beyond RLIMIT_FSIZE has failed and been reported; its signal is not wanted as well. */
void signals_release(const sigset_t *before)
{
	sigset_t pending, excess;
	int taken;

	sigemptyset(&excess);
	sigaddset(&excess, SIGXFSZ);
	if (!sigismember(before, SIGXFSZ) && sigpending(&pending) == 0 &&
	    sigismember(&pending, SIGXFSZ))
		sigwait(&excess, &taken);
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
