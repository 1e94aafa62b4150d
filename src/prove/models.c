/* SPDX-License-Identifier: MIT */
#include "models.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

size_t models_next(const char **names)
{
	*names += strspn(*names, ",");
	return strcspn(*names, ",");
}

size_t models_count(const char *names)
{
	size_t count = 0, length;

	for (; (length = models_next(&names)) > 0; names += length)
		count++;
	return count;
}

/* Whether @name is one of @names. */
static bool is_named(const char *name, const char *names)
{
	size_t length;

	for (; (length = models_next(&names)) > 0; names += length)
		if (strlen(name) == length && strncmp(name, names, length) == 0)
			return true;
	return false;
}

bool models_native(const struct arch *arch)
{
	struct utsname name;

	return uname(&name) == 0 && strcmp(name.sysname, "Linux") == 0 &&
	       is_named(name.machine, arch->hosts);
}

/* ---- lists ---------------------------------------------------------------------------------- */

/* A list to which names are appended; @text has room for them. */
struct list {
	char *text;
	size_t length;
};

static void append(struct list *list, const char *name, size_t length)
{
	if (list->length > 0)
		list->text[list->length++] = ',';
	memcpy(list->text + list->length, name, length);
	list->length += length;
	list->text[list->length] = '\0';
}

/* A list with room for @room bytes of names and commas besides "native". */
static bool begin_list(struct list *out, const struct arch *arch, size_t room)
{
	static const char native[] = "native";

	*out = (struct list){ .text = calloc(1, sizeof(native) + 1 + room) };
	if (out->text && models_native(arch))
		append(out, native, strlen(native));
	return out->text != NULL;
}

size_t models_of(const struct arch *arch)
{
	size_t count = 0;

	while (arch->models[count].name)
		count++;
	return count;
}

char *models_usual(const struct arch *arch)
{
	size_t count = models_of(arch), room = 1;
	struct list list;

	for (size_t i = 0; i < count; i++)
		room += strlen(arch->models[i].name) + 1;
	if (begin_list(&list, arch, room))
		for (size_t i = 0; i < count; i++)
			append(&list, arch->models[i].name, strlen(arch->models[i].name));
	return list.text;
}

/* ---- qemu's own list ------------------------------------------------------------------------ */

static const char blanks[] = " \t";

/*
 * The name in a line: its first word. Older ones write a word for the machine at the beginning of
 * the line, and indent the name otherwise.
 */
static const char *name_in(const char *line, size_t length, size_t *size)
{
	size_t at = strspn(line, blanks), next;

	*size = strcspn(line + at, " \t\n");
	next = *size + strspn(line + at + *size, blanks);
	if (at == 0 && *size < length && next < length) {
		at = next;
		*size = strcspn(line + at, " \t\n");
	}
	return line + at;
}

static bool is_model(const char *line, size_t length)
{
	const char *alias = strstr(line, "(alias");

	return length > 0 && line[length - 1] != ':' && !(alias && alias < line + length);
}

char *models_all(const struct arch *arch, const char *help)
{
	struct list list;
	size_t length, size;

	if (!begin_list(&list, arch, strlen(help) + 1))
		return NULL;
	for (; (length = strcspn(help, "\n")) > 0; help += length + (help[length] == '\n')) {
		const char *name = name_in(help, length, &size);
		if (is_model(help, length) && size > 0)
			append(&list, name, size);
	}
	return list.text;
}
