/* SPDX-License-Identifier: MIT */
/* A large and strictly aligned TLS segment with both initialised and zeroed variables. */
#include <pthread.h>
#include <stdint.h>

#include "../../programs/startup.h"

#define ELEMENTS (1 << 17)
#define ALIGNMENT 4096

static __thread int filled[ELEMENTS] __attribute__((aligned(ALIGNMENT))) = { 1, 2, 3 };
static __thread int zeroed[ELEMENTS];
static __thread const char *volatile name = "thread";

static int is_fresh(void)
{
	volatile int *first = filled, *last = zeroed + ELEMENTS - 1;

	return first[2] == 3 && *last == 0 && (uintptr_t)first % ALIGNMENT == 0 &&
	       strcmp(name, "thread") == 0;
}

static void use(void)
{
	volatile int *first = filled, *last = zeroed + ELEMENTS - 1;

	first[2] = *last = -1;
	name = "used";
}

static void *thread(void *unused)
{
	(void)unused;
	print_checked("TLS of a thread", is_fresh());
	use();
	return NULL;
}

int main(void)
{
	pthread_t other;

	check_startup();
	print_checked("TLS of the first thread", is_fresh());
	use();
	if (pthread_create(&other, NULL, thread, NULL) != 0 || pthread_join(other, NULL) != 0)
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
