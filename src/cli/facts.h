/* SPDX-License-Identifier: MIT */
/* What the reports for people and for machines ask of the library. */
#ifndef IRELFIX_FACTS_H
#define IRELFIX_FACTS_H

#include "../../include/irelfix.h"

/** What is known of @file, which may be NULL. */
struct irelfix_report facts_of(const struct irelfix *file);

/** What was found, or why the last step, which ended with @status, failed. */
const char *facts_sentence(const struct irelfix *file, enum irelfix_status status);

/** What an edit is about: a symbol, or the kind of place of a bound; NULL: nothing to be said. */
const char *facts_subject(const struct irelfix_edit *edit);

#endif
