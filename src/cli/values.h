/* SPDX-License-Identifier: MIT */
/* The options of linkers and compiler drivers whose value is the next argument. */
#ifndef IRELFIX_VALUES_H
#define IRELFIX_VALUES_H

#include "tool.h"

/** Whether @option takes the next argument as its value, whatever that looks like. */
bool values_takes_one(enum tool kind, const char *option);

#endif
