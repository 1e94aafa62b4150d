/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include "near.h"
#include "text.h"

#include "../../include/irelfix.h"

#include <string.h>

/* A line is no longer than this; what a heading is about begins at the margin. */
enum { WIDTH = 79, MARGIN = 12 };

#define NO_REPAIR "None: the file stays as it is."

static const struct topic {
	const char *class_name;     /* NULL: a reason */
	enum irelfix_reason reason;
	const char *fate, *cause, *versions, *repair, *avoid;
} topics[] = {
#define CLASS(name, fate_, cause_, versions_, repair_, avoid_) \
	{ .class_name = (name), .fate = (fate_), .cause = (cause_), .versions = (versions_), \
	  .repair = (repair_), .avoid = (avoid_) },
#define REASON(name, cause_, versions_, repair_, avoid_) \
	{ .reason = IRELFIX_REASON_##name, .cause = (cause_), .versions = (versions_), \
	  .repair = (repair_), .avoid = (avoid_) },
#include "explain.def"
#undef CLASS
#undef REASON
};

enum { TOPICS = sizeof(topics) / sizeof(topics[0]) };

static const char *name_of(const struct topic *topic)
{
	return topic->class_name ? topic->class_name : irelfix_reason_name(topic->reason);
}

static const char *meaning_of(const struct topic *topic)
{
	for (size_t i = 0; topic->class_name && irelfix_class_name(i); i++)
		if (strcmp(irelfix_class_name(i), topic->class_name) == 0)
			return irelfix_class_meaning(i);
	return irelfix_strerror(topic->reason);
}

static const struct topic *find(const char *name)
{
	for (size_t i = 0; i < TOPICS; i++)
		if (strcmp(name_of(&topics[i]), name) == 0)
			return &topics[i];
	return NULL;
}

const char *explain_fate(const char *name)
{
	const struct topic *topic = find(name);

	return topic ? topic->fate : NULL;
}

/* Prints the words of @text, in lines that begin at the margin. */
static void put_words(const char *text, FILE *out)
{
	size_t at = MARGIN;

	while (*text) {
		size_t length = strcspn(text, " ");
		if (at > MARGIN && at + 1 + length > WIDTH) {
			fprintf(out, "\n%*s", MARGIN, "");
			at = MARGIN;
		} else if (at > MARGIN) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, length, out);
		at += length;
		text += length + (text[length] == ' ');
	}
	fputc('\n', out);
}

static void put_part(const char *heading, const char *text, FILE *out)
{
	if (!text)
		return;
	fprintf(out, "  %-*s", MARGIN - 2, heading);
	put_words(text, out);
}

static void put_topic(const struct topic *topic, FILE *out)
{
	fprintf(out, "%s: %s\n", name_of(topic), meaning_of(topic));
	put_part("happens", topic->fate, out);
	put_part("cause", topic->cause, out);
	put_part("versions", topic->versions, out);
	put_part("repair", topic->repair, out);
	put_part("avoid", topic->avoid ? topic->avoid : irelfix_advice(topic->reason), out);
}

static void put_all(FILE *out)
{
	for (size_t i = 0; i < TOPICS; i++) {
		fputs(i ? "\n" : "", out);
		put_topic(&topics[i], out);
	}
}

static void put_list(const char *const *names, FILE *err)
{
	size_t at = MARGIN;

	fprintf(err, "  %-*s", MARGIN - 3, "they are");
	for (; *names; names++) {
		size_t length = strlen(*names) + 2;
		if (at + length > WIDTH) {
			fprintf(err, "\n%*s", MARGIN - 1, "");
			at = MARGIN;
		}
		fprintf(err, " %s%s", *names, names[1] ? "," : "");
		at += length;
	}
	fputs("; or all\n", err);
}

/* Says which names there are, and which one may have been meant. */
static void put_names(const char *name, FILE *err)
{
	const char *names[TOPICS + 1] = { NULL };
	const char *meant;

	for (size_t i = 0; i < TOPICS; i++)
		names[i] = name_of(&topics[i]);
	meant = near_name(name, names);
	fputs("irelfix: --explain: there is no class or reason '", err);
	text_put(name, err);
	fprintf(err, "'%s%s%s\n", meant ? "; did you mean " : "", meant ? meant : "", meant ? "?" : "");
	put_list(names, err);
}

bool explain(const char *name, FILE *out, FILE *err)
{
	const struct topic *topic = find(name);

	if (strcmp(name, "all") == 0)
		put_all(out);
	else if (topic)
		put_topic(topic, out);
	else
		put_names(name, err);
	return topic || strcmp(name, "all") == 0;
}
