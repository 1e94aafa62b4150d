/* SPDX-License-Identifier: MIT */
/*
 * Where functions begin and end, as what unwinds the stack is told: .eh_frame, with a record for
 * each function, and the sorted table of them in PT_GNU_EH_FRAME (LSB, "Exception Frames"). It is
 * there in stripped files, too. Hand-written code may have no record.
 */
#ifndef IRELFIX_FRAMES_H
#define IRELFIX_FRAMES_H

#include "image.h"

/**
 * The last function of the sorted table that begins at or before virtual @address; where it ends is
 * not looked at.
 */
bool frames_before(const struct image *image, uint64_t address, uint64_t *start);

/**
 * Whether one of these virtual addresses is inside a function, but not where it begins.
 *
 * @param which receives its index
 * @param start receives where that function begins
 */
bool frames_inside(const struct image *image, const uint64_t addresses[], size_t count,
                   size_t *which, uint64_t *start);

#endif
