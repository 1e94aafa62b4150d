/* SPDX-License-Identifier: MIT */
#include "near.h"

#include <stddef.h>
#include <string.h>

/* Longer words are not compared. */
enum { LENGTH_MAX = 31 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters have to be added, taken away, changed, or swapped with their neighbour. */
static unsigned distance(const char *a, const char *b)
{
	unsigned cost[LENGTH_MAX + 1][LENGTH_MAX + 1];
	size_t n = strlen(a), m = strlen(b);

	for (size_t i = 0; i <= n; i++) {
		for (size_t j = 0; j <= m; j++) {
			if (i == 0 || j == 0) {
				cost[i][j] = (unsigned)(i + j);
				continue;
			}
			cost[i][j] = least(cost[i - 1][j] + 1, cost[i][j - 1] + 1,
			                   cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    cost[i - 2][j - 2] + 1 < cost[i][j])
				cost[i][j] = cost[i - 2][j - 2] + 1;
		}
	}
	return cost[n][m];
}

/* A beginning is nearer than a mistake. */
static unsigned far_from(const char *word, const char *name)
{
	size_t length = strlen(word);

	if (length > LENGTH_MAX || strlen(name) > LENGTH_MAX)
		return LENGTH_MAX;
	return length >= 2 && strncmp(word, name, length) == 0 ? 0 : distance(word, name);
}

const char *near_name(const char *word, const char *const *names)
{
	const char *nearest = NULL;
	unsigned limit = strlen(word) < 5 ? 1 : 2;

	for (size_t i = 0; names[i]; i++) {
		unsigned far = far_from(word, names[i]);
		if (far < limit || (far == limit && !nearest)) {
			nearest = names[i];
			limit = far;
		}
	}
	return nearest;
}
