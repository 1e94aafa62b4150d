/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* _SC_NPROCESSORS_ONLN, where there is one */
#include "batch.h"

#include "format.h"
#include "guard.h"
#include "progress.h"
#include "sheet.h"
#include "text.h"
#include "walk.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Queue at most 256 named files. Folders found by workers are never throttled: that would deadlock. */
enum { NAMED_MAX = 256, JOBS_MAX = 256 };

/* A file or folder that is still to be dealt with. */
struct task {
	struct task *next;
	bool found; /* a folder in another one; otherwise named by somebody */
	char path[];
};

struct batch {
	const struct options *options;
	struct format_run printed;
	batch_file *work;
	struct walk_seen seen;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct task *tasks; /* the last one comes first, so that there are never many */
	size_t waiting, busy;
	bool threaded, ended;
	struct progress progress;
	struct tally tally;
	enum irelfix_status worst;
};

/* ---- one file ------------------------------------------------------------------------------- */

/* Called with the lock held. */
static void count(struct batch *batch, enum irelfix_status status, enum ending ending)
{
	batch->worst = status > batch->worst ? status : batch->worst;
	tally_add(&batch->tally, ending);
	progress_count(&batch->progress);
}

/* Proofs take their time, and are shown as they end where nothing else can come between. */
static bool is_live(const struct batch *batch)
{
	return batch->options->prove && !batch->threaded && !batch->progress.shown &&
	       batch->options->format == FORMAT_TEXT;
}

static void do_file_live(struct batch *batch, const char *path)
{
	enum irelfix_status status;
	enum ending ending;

	status = batch->work(batch->options, path, stdout, stderr, &ending);
	fflush(stdout);
	pthread_mutex_lock(&batch->lock);
	count(batch, status, ending);
	pthread_mutex_unlock(&batch->lock);
}

/* What a machine reads of a file that could not even be opened; without memory nothing. */
static void add_error(struct batch *batch, const char *path, const char *text)
{
	struct sheet out;
	bool whole;

	if (sheet_open(&out))
		format_error(batch->options, path, text, out.stream);
	whole = sheet_close(&out);
	format_add(&batch->printed, IRELFIX_FILE, out.text, whole ? out.size : 0);
	sheet_free(&out);
}

/* Called with the lock held. */
static void say_error(struct batch *batch, const char *path, const char *text)
{
	progress_hide(&batch->progress);
	fputs("irelfix: ", stderr);
	text_put(path, stderr);
	fprintf(stderr, ": %s\n", text);
	add_error(batch, path, text);
	count(batch, IRELFIX_FILE, ENDING_ERROR);
}

static void complain(struct batch *batch, const char *path, const char *text)
{
	pthread_mutex_lock(&batch->lock);
	say_error(batch, path, text);
	pthread_mutex_unlock(&batch->lock);
}

/* What was said about one file. */
struct said {
	struct sheet out, err;
	enum irelfix_status status;
	enum ending ending;
};

/* Called with the lock held. */
static void print(struct batch *batch, const struct said *said)
{
	if (said->out.size + said->err.size > 0)
		progress_hide(&batch->progress);
	format_add(&batch->printed, said->status, said->out.text, said->out.size);
	if (said->err.size > 0)
		fwrite(said->err.text, 1, said->err.size, stderr);
	count(batch, said->status, said->ending);
}

/* What a thread has to say comes out in one piece, or not at all. */
static void do_file_at_once(struct batch *batch, const char *path)
{
	struct said said = { .status = IRELFIX_FILE, .ending = ENDING_ERROR };
	bool out = sheet_open(&said.out), err = sheet_open(&said.err), whole;

	if (out && err)
		said.status = batch->work(batch->options, path, said.out.stream, said.err.stream,
		                          &said.ending);
	whole = sheet_close(&said.out);
	whole = sheet_close(&said.err) && whole;
	pthread_mutex_lock(&batch->lock);
	if (whole)
		print(batch, &said);
	else
		say_error(batch, path, out && err ? "there is no memory to tell what became of it"
		                                  : "there is no memory to deal with it");
	pthread_mutex_unlock(&batch->lock);
	sheet_free(&said.out);
	sheet_free(&said.err);
}

static void do_file(struct batch *batch, const char *path)
{
	(is_live(batch) ? do_file_live : do_file_at_once)(batch, path);
}

/* ---- tasks ---------------------------------------------------------------------------------- */

static void add_task(struct batch *batch, const char *path, bool found)
{
	struct task *task = malloc(sizeof(*task) + strlen(path) + 1);

	if (!task) {
		complain(batch, path, strerror(errno));
		return;
	}
	task->found = found;
	strcpy(task->path, path);
	pthread_mutex_lock(&batch->lock);
	while (!found && batch->threaded && batch->waiting >= NAMED_MAX)
		pthread_cond_wait(&batch->changed, &batch->lock);
	task->next = batch->tasks;
	batch->tasks = task;
	batch->waiting++;
	pthread_cond_broadcast(&batch->changed);
	pthread_mutex_unlock(&batch->lock);
}

/* The next task; NULL when there is none and, if there are threads, none will come. */
static struct task *take_task(struct batch *batch)
{
	struct task *task;

	pthread_mutex_lock(&batch->lock);
	while (batch->threaded && !batch->tasks && (batch->busy > 0 || !batch->ended))
		pthread_cond_wait(&batch->changed, &batch->lock);
	task = batch->tasks;
	if (task) {
		batch->tasks = task->next;
		batch->waiting--;
		batch->busy++;
		progress_at(&batch->progress, task->path);
	}
	pthread_cond_broadcast(&batch->changed);
	pthread_mutex_unlock(&batch->lock);
	return task;
}

static void end_task(struct batch *batch, struct task *task)
{
	free(task);
	pthread_mutex_lock(&batch->lock);
	batch->busy--;
	pthread_cond_broadcast(&batch->changed);
	pthread_mutex_unlock(&batch->lock);
}

static void visit_file(void *context, const char *path)
{
	if (!guard_stopped())
		do_file(context, path);
}

static void visit_folder(void *context, const char *path)
{
	add_task(context, path, true);
}

static void visit_error(void *context, const char *path, int error)
{
	complain(context, path, strerror(error));
}

static void do_task(struct batch *batch, const struct task *task)
{
	const struct walk_visitor visitor = { visit_file, visit_folder, visit_error, batch };
	const struct options *options = batch->options;
	struct stat status;
	bool known = !task->found && (options->recursive || options->list) &&
	             stat(task->path, &status) == 0;

	if (task->found || (options->recursive && known && S_ISDIR(status.st_mode)))
		walk_folder(task->path, !task->found, &batch->seen, &visitor);
	else if (!known || walk_is_new(&batch->seen, &status))
		do_file(batch, task->path);
}

static void *serve(void *context)
{
	struct batch *batch = context;
	struct task *task;

	while ((task = take_task(batch)) != NULL) {
		if (!guard_stopped())
			do_task(batch, task);
		end_task(batch, task);
	}
	return NULL;
}

/* ---- where files come from ------------------------------------------------------------------ */

static void add_path(struct batch *batch, const char *path)
{
	add_task(batch, path, false);
	if (!batch->threaded)
		serve(batch);
}

/* Names that end in a NUL byte, as find -print0 writes them. */
static void add_list(struct batch *batch, const char *name)
{
	FILE *list = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
	char *path = NULL;
	size_t room = 0;

	if (!list) {
		complain(batch, name, strerror(errno));
		return;
	}
	while (!guard_stopped() && getdelim(&path, &room, '\0', list) > 0)
		if (path[0])
			add_path(batch, path);
	if (!feof(list) && !guard_stopped()) /* glibc's getdelim() sets no error without memory */
		complain(batch, name, "cannot be read");
	free(path);
	if (list != stdin)
		fclose(list);
}

static void add_all(struct batch *batch)
{
	if (batch->options->list)
		add_list(batch, batch->options->list);
	for (int i = 0; i < batch->options->file_count; i++)
		add_path(batch, batch->options->files[i]);
}

/* ---- all together --------------------------------------------------------------------------- */

static void summarize(const struct batch *batch)
{
	const struct options *options = batch->options;
	bool many = options->recursive || options->list || options->file_count > 1;

	if (options->quiet || options->format != FORMAT_TEXT || !many)
		return;
	fputs(guard_stopped() ? "interrupted after " : "", stdout);
	tally_put(&batch->tally, stdout);
}

/* Reading a tree is mostly waiting for the system. */
static unsigned jobs_for(const struct options *options)
{
	long processors = 1;

	if (options->jobs > 0 || !options->recursive)
		return options->jobs;
#ifdef _SC_NPROCESSORS_ONLN
	processors = sysconf(_SC_NPROCESSORS_ONLN);
#endif
	return processors > 0 ? (unsigned)processors : 1;
}

static void run_threads(struct batch *batch, unsigned jobs)
{
	pthread_t threads[JOBS_MAX];
	unsigned started = 0;

	batch->threaded = true;
	while (started < jobs && started < JOBS_MAX &&
	       pthread_create(&threads[started], NULL, serve, batch) == 0)
		started++;
	batch->threaded = started > 0;
	add_all(batch);
	pthread_mutex_lock(&batch->lock);
	batch->ended = true;
	pthread_cond_broadcast(&batch->changed);
	pthread_mutex_unlock(&batch->lock);
	while (started > 0)
		pthread_join(threads[--started], NULL);
}

enum irelfix_status batch_run(const struct options *options, batch_file *work)
{
	struct batch batch = { .options = options, .work = work };
	unsigned jobs = jobs_for(options);

	guard_hold_stops();
	walk_begin(&batch.seen);
	pthread_mutex_init(&batch.lock, NULL);
	pthread_cond_init(&batch.changed, NULL);
	format_begin(&batch.printed, options, stdout);
	progress_begin(&batch.progress, &batch.lock,
	               options->recursive && !options->quiet ? options->error_columns : 0);
	if (jobs > 1)
		run_threads(&batch, jobs);
	else
		add_all(&batch);
	progress_end(&batch.progress);
	summarize(&batch);
	format_end(&batch.printed, batch.worst, guard_stopped());
	pthread_cond_destroy(&batch.changed);
	pthread_mutex_destroy(&batch.lock);
	walk_end(&batch.seen);
	return batch.worst;
}
