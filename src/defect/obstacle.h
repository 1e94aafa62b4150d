/* SPDX-License-Identifier: MIT */
/*
 * Reasons other than a defect for which startup is known to die, with or without a shared library on
 * the link line. To add one: a row in obstacle.c, and a reason.
 */
#ifndef IRELFIX_OBSTACLE_H
#define IRELFIX_OBSTACLE_H

#include "../startup/startup.h"

/**
 * Whether a file with a defect starts once that is repaired, as far as can be told: what would keep it
 * from it, and what keeps us from telling.
 * @return false with the reason in @why
 */
bool obstacle_free(struct startup *startup, struct outcome *why);

/**
 * Whether a file without a defect is known not to start all the same.
 * @return true with the reason in @why
 */
bool obstacle_known(struct startup *startup, struct outcome *why);

#endif
