/* SPDX-License-Identifier: MIT */
/* Signals that end a program wait while a file is written, so that no temporary one stays behind. */
#ifndef IRELFIX_SIGNALS_H
#define IRELFIX_SIGNALS_H

#include <signal.h>

/** Holds back SIGINT, SIGTERM, SIGHUP and SIGXFSZ in this thread. */
void signals_hold(sigset_t *before);

/** Lets them through again. */
void signals_release(const sigset_t *before);

#endif
