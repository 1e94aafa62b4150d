/* SPDX-License-Identifier: MIT */
/*
 * Reasons other than a defect for which startup is known to die, with or without a shared library on
 * the link line. To add one: a row in obstacle.c, and a reason.
 */
#ifndef IRELFIX_OBSTACLE_H
#define IRELFIX_OBSTACLE_H

#include "../startup/startup.h"

/**
 * Whether nothing but a defect keeps the file from starting.
 * @return false with the reason in @why
 */
bool obstacle_free(struct startup *startup, struct outcome *why);

/** The same for what a healthy file may lack all the same: a symbol, a readable table. */
bool obstacle_complete(struct startup *startup, struct outcome *why);

#endif
