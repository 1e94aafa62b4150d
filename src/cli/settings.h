/* SPDX-License-Identifier: MIT */
/* What the environment says of wrapped links. */
#ifndef IRELFIX_SETTINGS_H
#define IRELFIX_SETTINGS_H

#include <stdbool.h>

/** IRELFIX_WRAP: what a repair does to the link. */
enum policy {
	POLICY_REPAIR, /**< one that is refused or fails makes the link fail */
	POLICY_OFF,    /**< nothing is looked at */
	POLICY_WARN,   /**< nothing makes the link fail */
	POLICY_STRICT, /**< whatever will not start makes the link fail */
};

struct settings {
	enum policy policy;
	bool quiet;      /**< IRELFIX_VERBOSE=0: errors only */
	int verbose;     /**< IRELFIX_VERBOSE: as many -v */
	const char *log; /**< IRELFIX_LOG: a file for an object a link, or NULL */
};

/** Reads them. @return false when one is not understood, and a message has been printed */
bool settings_read(struct settings *out);

#endif
