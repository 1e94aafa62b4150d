/* SPDX-License-Identifier: MIT */
/* A program of one level is main.c and one file that defines level(). */
#ifndef LEVEL_H
#define LEVEL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Computes with the instructions of its level and prints every result. */
void level(void);

/* A value that the compiler cannot compute with at build time. */
static inline uint64_t opaque(uint64_t value)
{
	__asm__ volatile("" : "+r"(value));
	return value;
}

static inline void print_number(const char *what, uint64_t value)
{
	printf("%s: %llu\n", what, (unsigned long long)value);
}

static inline void print_real(const char *what, double value)
{
	printf("%s: %.9g\n", what, value);
}

/* One number that depends on every byte and on their order. */
static inline uint64_t digest(const void *data, size_t size)
{
	const unsigned char *bytes = data;
	uint64_t sum = 14695981039346656037u;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ bytes[i]) * 1099511628211u;
	return sum;
}

/* The same bytes for every program. */
static inline void fill(void *data, size_t size)
{
	unsigned char *bytes = data;
	uint32_t state = (uint32_t)opaque(12345);

	for (size_t i = 0; i < size; i++) {
		state = state * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)(state >> 24);
	}
}

#endif
