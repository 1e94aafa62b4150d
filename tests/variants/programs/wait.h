/* SPDX-License-Identifier: MIT */
/* FEAT_WFxT and FEAT_XS, which Armv8.7-A and Armv9.2-A require. */
#ifndef WAIT_H
#define WAIT_H

#include "level.h"

static inline uint64_t ticks(void)
{
	uint64_t now;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(now));
	return now;
}

/* Both may return early, at an event or an interrupt; they never return late. */
static inline void wait_with_limit(void)
{
	uint64_t until = ticks() + 1000;

	do
		__asm__ volatile("wfet %0\n\twfit %0" : : "r"(until) : "memory");
	while (ticks() < until);
	print_number("wfet, wfit", ticks() >= until);
}

static inline void wait_for_stores(void)
{
	static uint64_t words[64];

	for (uint64_t i = 0; i < 64; i++) {
		((volatile uint64_t *)words)[i] = opaque(i) * 3;
		__asm__ volatile("dsb synxs" : : : "memory");
	}
	print_number("dsb nxs", digest(words, sizeof(words)));
}

#endif
