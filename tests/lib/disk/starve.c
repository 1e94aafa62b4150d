/* SPDX-License-Identifier: MIT */
/*
 * For LD_PRELOAD: STARVE=N:FILE makes the N-th allocation fail, the C library's own among them. With
 * N = 0 none fails, and FILE gets a line for each: what stands for the calls that led to it. Programs
 * that are started from here are spared.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEPTH_MAX 64

static unsigned long starved_at, calls;
static unsigned long places[1 << 16];
static char note[4096];
static __thread int inside; /* what backtrace() allocates is not the program's */
static pid_t here;
static void *(*next_malloc)(size_t), *(*next_calloc)(size_t, size_t), *(*next_realloc)(void *, size_t);

/* dlsym() may allocate before the real functions are known. */
static char early[65536];
static size_t early_used;

static void *allocate_early(size_t size)
{
	void *out = early + early_used;

	early_used += (size + 15) & ~(size_t)15;
	return early_used <= sizeof(early) ? out : NULL;
}

static unsigned long place(void)
{
	void *frames[DEPTH_MAX];
	unsigned long hash = 0;
	int depth;

	inside = 1;
	depth = backtrace(frames, DEPTH_MAX);
	inside = 0;
	for (int i = 0; i < depth; i++)
		hash = hash * 0x100000001b3 ^ (unsigned long)frames[i];
	return hash;
}

__attribute__((constructor)) static void begin(void)
{
	const char *order = getenv("STARVE");
	char *end;

	next_malloc = dlsym(RTLD_NEXT, "malloc");
	next_realloc = dlsym(RTLD_NEXT, "realloc");
	next_calloc = dlsym(RTLD_NEXT, "calloc");
	if (!order)
		return;
	starved_at = strtoul(order, &end, 10);
	strncpy(note, *end ? end + 1 : end, sizeof(note) - 1);
	unsetenv("LD_PRELOAD");
	unsetenv("STARVE");
	place(); /* loads what backtrace() needs */
	here = getpid();
}

__attribute__((destructor)) static void end(void)
{
	FILE *file = starved_at == 0 && getpid() == here ? (here = 0, fopen(note, "w")) : NULL;

	if (!file)
		return;
	for (unsigned long i = 0; i < calls; i++)
		fprintf(file, "%lx\n", i < sizeof(places) / sizeof(*places) ? places[i] : i);
	fclose(file);
}

static int starves(void)
{
	unsigned long nth;

	if (!here || inside || getpid() != here)
		return 0;
	nth = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
	if (starved_at == 0 && nth <= sizeof(places) / sizeof(*places))
		places[nth - 1] = place();
	if (nth != starved_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	if (!next_malloc)
		return allocate_early(size);
	return starves() ? NULL : next_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (!next_calloc)
		return allocate_early(count * size); /* it is 0 */
	return starves() ? NULL : next_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	if (!next_realloc)
		return allocate_early(size);
	return starves() ? NULL : next_realloc(old, size);
}

void free(void *data)
{
	static void (*next)(void *);

	if ((char *)data >= early && (char *)data < early + sizeof(early))
		return;
	if (!next)
		next = dlsym(RTLD_NEXT, "free");
	next(data);
}
