/* SPDX-License-Identifier: MIT */
/*
 * Bounds-checked views of a file's bytes. Every number that comes from a file
 * passes through here before it becomes a pointer: the width is an argument, the
 * failure is the returned false, and ranges are compared by subtraction, so that
 * no sum can wrap.
 */
#ifndef IRELFIX_BYTES_H
#define IRELFIX_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

/** A read-only range of bytes. It does not own them. */
struct bytes {
	const unsigned char *data;
	uint64_t size;
};

/** Byte order of a file's numbers: EI_DATA of the gABI. */
enum byte_order { ORDER_LITTLE, ORDER_BIG };

/** Whether @len bytes at @off lie inside @b. */
static inline bool bytes_has(struct bytes b, uint64_t off, uint64_t len)
{
	return off <= b.size && len <= b.size - off;
}

/** @out becomes the @len bytes of @b at @off; false when they are not all there. */
static inline bool bytes_sub(struct bytes b, uint64_t off, uint64_t len, struct bytes *out)
{
	if (!bytes_has(b, off, len))
		return false;
	out->data = b.data + off;
	out->size = len;
	return true;
}

/** @out becomes a table of @n entries of @entsize bytes at @off; false when it is not all there. */
static inline bool bytes_table(struct bytes b, uint64_t off, uint64_t n, uint64_t entsize,
                               struct bytes *out)
{
	if (entsize != 0 && n > UINT64_MAX / entsize)
		return false;
	return bytes_sub(b, off, n * entsize, out);
}

/*
 * The number of @width bytes at @at. Compilers make one load of the constant widths, which are
 * what structures have.
 */
static inline uint64_t bytes_number(const unsigned char *at, unsigned width, enum byte_order order)
{
	uint64_t value = 0;

	if (width == 8 && order == ORDER_LITTLE)
		return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
		       (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 |
		       (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
	if (width == 4 && order == ORDER_LITTLE)
		return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
		       (uint64_t)at[3] << 24;
	for (unsigned i = 0; i < width; i++)
		value |= (uint64_t)at[order == ORDER_BIG ? width - 1 - i : i] << 8 * i;
	return value;
}

/** The low @width (1 to 8) bytes of @value. */
static inline uint64_t bytes_cut(uint64_t value, unsigned width)
{
	return width < 8 ? value & ((UINT64_C(1) << 8 * width) - 1) : value;
}

/** The signed number of @width bits that @value, which has no higher ones, is. */
static inline uint64_t sign_extended(uint64_t value, unsigned width)
{
	uint64_t sign = UINT64_C(1) << (width - 1);

	return (value ^ sign) - sign;
}

/** Reads the unsigned number of @width (1 to 8) bytes at @off; false when it is not all there. */
static inline bool bytes_read(struct bytes b, uint64_t off, unsigned width, enum byte_order order,
                              uint64_t *out)
{
	if (!bytes_has(b, off, width))
		return false;
	*out = bytes_number(b.data + off, width, order);
	return true;
}

/** Stores the low @width (1 to 8) bytes of @value at @to. */
static inline void bytes_store(unsigned char *to, unsigned width, enum byte_order order,
                               uint64_t value)
{
	for (unsigned i = 0; i < width; i++) {
		unsigned place = order == ORDER_BIG ? width - 1 - i : i;
		to[place] = (unsigned char)(value & 0xff);
		value >>= 8;
	}
}

#endif
