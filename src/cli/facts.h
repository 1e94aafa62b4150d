/* SPDX-License-Identifier: MIT */
/* What the reports for people and for machines ask of the library. */
#ifndef IRELFIX_FACTS_H
#define IRELFIX_FACTS_H

#include "options.h"

/** What is known of @file, which may be NULL. */
struct irelfix_report facts_of(const struct irelfix *file);

/** How @status, with which the last step ended, counts: --strict refuses what is not examined. */
enum irelfix_status facts_judge(const struct irelfix *file, enum irelfix_status status,
                                bool strict);

/** What was found, or why the last step, which ended with @status, failed. */
const char *facts_sentence(const struct irelfix *file, enum irelfix_status status);

/** Why: the reason of the verdict, or of the last step, which failed; NONE: it needs none. */
enum irelfix_reason facts_reason(const struct irelfix *file, enum irelfix_status status);

/** The name of that reason, or of the class where there is none. */
const char *facts_rule(const struct irelfix *file, enum irelfix_status status);

/** What to do about the reason, or NULL. */
const char *facts_advice(const struct irelfix *file, enum irelfix_status status);

/** How a file stands behind the call: its verdict, "repaired", "unverified" or "error". */
const char *facts_verdict(const struct options *options, const struct irelfix *file,
                          enum irelfix_status status);

/** Whether that is something to be mended: the exit status says so. */
bool facts_is_fault(const struct options *options, const struct irelfix *file,
                    enum irelfix_status status);

/** The path that was written to, or NULL. */
const char *facts_output(const struct options *options, const char *path,
                         const struct irelfix *file, enum irelfix_status status);

/** What an edit is about: a symbol, or the kind of place of a bound; NULL: nothing to be said. */
const char *facts_subject(const struct irelfix_edit *edit);

#endif
