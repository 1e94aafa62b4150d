/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "explain.h"
#include "format.h"
#include "mistake.h"
#include "page.h"
#include "proofs.h"
#include "stream.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first thing that is said. */
#define USAGE \
	"Usage: irelfix IN -o OUT      repair IN into OUT; a healthy IN is copied\n" \
	"       irelfix -i FILE...     repair in place\n" \
	"       irelfix FILE...        diagnose, write nothing\n" \
	"       irelfix -n FILE...     show every edit that -o or -i would make\n" \
	"       irelfix --wrap -- COMMAND...  link, and repair what was linked\n" \
	"       irelfix --run -- COMMAND...   build, and repair what each link has linked\n"

static const char help[] =
	USAGE
	"\n"
	"Repairs static glibc executables that ld.lld (LLVM 19 and later) linked with\n"
	"wrong bounds for the IFUNC relocations, so that they crash before main.\n"
	"\n"
	"  -o, --output=OUT     write the repaired file to OUT, whole or not at all; - is\n"
	"                       standard output, and as IN standard input\n"
	"  -i, --in-place       write the few changed bytes into the file itself\n"
	"      --atomic         with -i: replace the file instead\n"
	"      --backup[=SUF]   with -i: keep the original as FILE~, or FILESUF\n"
	"  -p, --preserve-dates keep access and modification time\n"
	"  -r, --recursive      take the ELF files of folders, each inode once\n"
	"      --files0-from=F  take the NUL-terminated names in F; - is standard input\n"
	"  -j, --jobs=N         deal with N files at a time; by default one, with -r as\n"
	"                       many as there are processors\n"
	"  -n, --dry-run        show the edits, write nothing\n"
	"      --wrap           run a link command; -i what it links, if it needs repair\n"
	"      --run            run a build, with irelfix in front of each linker and\n"
	"                       compiler driver on its PATH; -i what they link\n"
	"      --print-dir      show the folder for gcc -B: its ld and ld.lld are links to\n"
	"                       irelfix\n"
	"      --strategy=HOW   auto (default), narrow (move the start bound behind the\n"
	"                       stray entries) or pad (overwrite them with copies of an\n"
	"                       IRELATIVE entry)\n"
	"      --allow-undefined=SYM[,SYM...]|all  take symbols that nothing defines for\n"
	"                       absent: the program starts, a call of one crashes\n"
	"      --strict         exit 4 also for what is not examined\n"
	"      --prove[=MODELS] start it with main replaced by an exit, natively and under\n"
	"                       qemu-user, once per processor model (comma-separated);\n"
	"                       all takes every one, help lists the usual ones\n"
	"      --format=F       text (default), json (one object per file), sarif (one log)\n"
	"                       or github (annotations)\n"
	"      --json           --format=json\n"
	"  -q, --quiet          print errors only\n"
	"      --color=WHEN     always, never or auto (default): on a terminal, without\n"
	"                       NO_COLOR\n"
	"  -v, --verbose        show the relocation table before and after\n"
	"      --explain=NAME   explain a class or a reason, or all of them\n"
	"  -h, --help           show this help\n"
	"  -V, --version        show the version\n"
	"\n"
	"Exit status: 0 healthy, not concerned or repaired, 1 needs repair, 2 usage, 3 not\n"
	"readable, not ELF or malformed, 4 will not start and cannot be repaired, 5 the\n"
	"result failed its verification.\n"
	"Of several files the highest counts.\n";

static const char example[] =
	USAGE
	"\n"
	"For example, where a static program crashes before main:\n"
	"  irelfix hello                   what is wrong with it?\n"
	"  irelfix hello -o hello.fixed    repair it\n"
	"  irelfix --prove hello.fixed     does it start now?\n";

enum { OPT_STRATEGY = 256, OPT_JSON, OPT_PROVE, OPT_ATOMIC, OPT_BACKUP, OPT_FILES0, OPT_WRAP,
       OPT_RUN, OPT_PRINT_DIR, OPT_COLOR, OPT_ALLOW, OPT_STRICT, OPT_FORMAT, OPT_EXPLAIN };

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "in-place", no_argument, NULL, 'i' },
	{ "atomic", no_argument, NULL, OPT_ATOMIC },
	{ "backup", optional_argument, NULL, OPT_BACKUP },
	{ "preserve-dates", no_argument, NULL, 'p' },
	{ "recursive", no_argument, NULL, 'r' },
	{ "files0-from", required_argument, NULL, OPT_FILES0 },
	{ "jobs", required_argument, NULL, 'j' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "strategy", required_argument, NULL, OPT_STRATEGY },
	{ "allow-undefined", required_argument, NULL, OPT_ALLOW },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "prove", optional_argument, NULL, OPT_PROVE },
	{ "wrap", no_argument, NULL, OPT_WRAP },
	{ "run", no_argument, NULL, OPT_RUN },
	{ "print-dir", no_argument, NULL, OPT_PRINT_DIR },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "explain", required_argument, NULL, OPT_EXPLAIN },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static enum options_result usage(const char *format, const char *what)
{
	fputs("irelfix: ", stderr);
	fprintf(stderr, format, what);
	fputs("\nTry 'irelfix --help'.\n", stderr);
	return OPTIONS_USAGE;
}

static bool parse_strategy(const char *text, enum irelfix_strategy *out)
{
	static const char *const names[] = {
		[IRELFIX_AUTO] = "auto", [IRELFIX_NARROW] = "narrow", [IRELFIX_PAD] = "pad",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			*out = (enum irelfix_strategy)i;
			return true;
		}
	}
	return false;
}

static bool parse_jobs(const char *text, unsigned *out)
{
	char *end;
	unsigned long jobs = strtoul(text, &end, 10);

	*out = (unsigned)jobs;
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && jobs >= 1 && jobs <= 256;
}

/* https://no-color.org: set and not empty, whatever it says. */
static bool is_color_welcome(void)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && terminal && strcmp(terminal, "dumb") != 0;
}

static bool parse_color(const char *when, bool *out)
{
	bool always = strcmp(when, "always") == 0, automatic = strcmp(when, "auto") == 0;

	*out = always || (automatic && is_color_welcome());
	return always || automatic || strcmp(when, "never") == 0;
}

static enum options_result answer(int option)
{
	if (option == 'h')
		fputs(help, stdout);
	else
		printf("irelfix %s\n", irelfix_version());
	return OPTIONS_DONE;
}

/* Takes an option that stands for itself; false when it is another one. */
static bool take_flag(int option, struct options *out)
{
	switch (option) {
	case 'i': out->in_place = true; return true;
	case 'n': out->dry_run = true; return true;
	case 'p': out->write.preserve_dates = true; return true;
	case 'q': out->quiet = true; return true;
	case 'r': out->recursive = true; return true;
	case 'v': out->verbose++; return true;
	case OPT_ATOMIC: out->write.atomic = true; return true;
	case OPT_JSON: out->format = FORMAT_JSON; return true;
	case OPT_STRICT: out->strict = true; return true;
	case OPT_WRAP: out->wrap = true; return true;
	case OPT_RUN: out->run = true; return true;
	case OPT_PRINT_DIR: out->print_dir = true; return true;
	default: return false;
	}
}

static enum options_result take_prove(struct options *out)
{
	out->prove = true;
	out->models = optarg;
	if (optarg && strcmp(optarg, "help") == 0) {
		proofs_help(stdout);
		return OPTIONS_DONE;
	}
	return !optarg || *optarg ? OPTIONS_RUN : usage("%s", "--prove= names no model");
}

/* Takes one option; OPTIONS_RUN: go on. */
static enum options_result take(int option, struct options *out)
{
	if (take_flag(option, out))
		return OPTIONS_RUN;
	switch (option) {
	case 'o':
		if (out->output)
			return usage("-o is given twice (%s)", optarg);
		out->output = optarg;
		return OPTIONS_RUN;
	case OPT_FILES0: out->list = optarg; return OPTIONS_RUN;
	case 'j':
		return parse_jobs(optarg, &out->jobs) ? OPTIONS_RUN
		       : usage("-j takes a number from 1 to 256, not '%s'", optarg);
	case OPT_FORMAT:
		return format_parse(optarg, &out->format) ? OPTIONS_RUN
		       : usage("--format is text, json, sarif or github, not '%s'", optarg);
	case OPT_COLOR:
		return parse_color(optarg, &out->color) ? OPTIONS_RUN
		       : usage("--color is auto, always or never, not '%s'", optarg);
	case OPT_BACKUP:
		out->write.backup_suffix = optarg ? optarg : "~";
		return *out->write.backup_suffix ? OPTIONS_RUN
		       : usage("%s", "--backup needs a suffix that is not empty");
	case OPT_PROVE: return take_prove(out);
	case OPT_ALLOW:
		out->allowed = optarg;
		return *optarg ? OPTIONS_RUN : usage("%s", "--allow-undefined= names no symbol");
	case OPT_STRATEGY:
		return parse_strategy(optarg, &out->strategy) ? OPTIONS_RUN
		       : usage("--strategy is auto, narrow or pad, not '%s'", optarg);
	case OPT_EXPLAIN:
		return explain(optarg, stdout, stderr) ? OPTIONS_DONE : OPTIONS_USAGE;
	default: return answer(option);
	}
}

static bool is_for_files(const struct options *options)
{
	return options->output || options->in_place || options->dry_run || options->recursive ||
	       options->list || options->format != FORMAT_TEXT || options->jobs;
}

static bool is_for_a_repair(const struct options *options)
{
	return options->strategy != IRELFIX_AUTO || options->allowed || options->strict ||
	       options->prove || options->write.atomic || options->write.backup_suffix ||
	       options->write.preserve_dates;
}

/* Whether the options go with --wrap, which is an -i, or with --run; else says why not. */
static enum options_result check_command(const struct options *options)
{
	if (options->wrap && options->run)
		return usage("%s", "--wrap and --run exclude each other");
	if (options->run && (is_for_files(options) || is_for_a_repair(options)))
		return usage("%s", "--run goes with -q and -v only; its command stands behind --");
	if (is_for_files(options))
		return usage("%s", "--wrap goes with --strategy, --allow-undefined, --strict, --prove, "
		             "--atomic, --backup, -p, -q and -v only; its command stands "
		             "behind --");
	if (options->file_count == 0)
		return usage("%s", "no command is named");
	return OPTIONS_RUN;
}

static enum options_result check_print_dir(const struct options *options)
{
	return is_for_files(options) || is_for_a_repair(options) || options->file_count > 0
	       ? usage("%s", "--print-dir goes alone") : OPTIONS_RUN;
}

static enum options_result no_file(void)
{
	fputs("irelfix: no file is named\n", stderr);
	fputs(example, stderr);
	fputs("Try 'irelfix --help'.\n", stderr);
	return OPTIONS_USAGE;
}

/* A word that many programs take; a file of that name is one. */
static bool is_help(const struct options *options)
{
	return options->file_count == 1 && !options->list &&
	       strcmp(options->files[0], "help") == 0 && access("help", F_OK) != 0;
}

/* Whether a file or the output is a standard stream. */
static bool is_piped(const struct options *options)
{
	for (int i = 0; i < options->file_count; i++)
		if (stream_is(options->files[i]))
			return true;
	return options->output && stream_is(options->output);
}

/* Whether what is asked for can be done with a stream; else says why not. */
static enum options_result check_piped(const struct options *options)
{
	bool out = options->output && stream_is(options->output) && !options->dry_run;

	if (options->file_count != 1 || options->recursive || options->list)
		return usage("%s", "- stands for a standard stream, and goes with one file (./- is a "
		             "file of that name)");
	if (options->in_place)
		return usage("%s", "-i cannot write into standard input; -o - writes the repaired "
		             "file to standard output");
	if (options->write.preserve_dates)
		return usage("%s", "-p goes with files: a standard stream has no dates to keep");
	if (out && options->format != FORMAT_TEXT)
		return usage("%s", "-o - and --format both take standard output");
	if (out && isatty(STDOUT_FILENO))
		return usage("%s", "-o - would write the program to the terminal");
	return OPTIONS_RUN;
}

/* Whether the options go together; else says which do not. */
static enum options_result check(const struct options *options)
{
	if (options->quiet && options->verbose)
		return usage("%s", "-q and -v exclude each other");
	if (options->print_dir)
		return check_print_dir(options);
	if (options->wrap || options->run)
		return check_command(options);
	if (options->file_count == 0 && !options->list)
		return no_file();
	if (is_help(options)) {
		fputs(example, stdout);
		return OPTIONS_DONE;
	}
	if (options->piped && check_piped(options) != OPTIONS_RUN)
		return OPTIONS_USAGE;
	if (options->output && (options->file_count > 1 || options->recursive || options->list))
		return usage("several files with one -o %s", options->output);
	if (options->output && options->in_place)
		return usage("%s", "-o and -i exclude each other");
	if (!options->in_place && (options->write.atomic || options->write.backup_suffix))
		return usage("%s", "--atomic and --backup go with -i");
	if (!options->in_place && !options->output && options->write.preserve_dates)
		return usage("%s", "-p goes with -i or -o: nothing else writes a file");
	return OPTIONS_RUN;
}

/* The argument that the option stood in which getopt_long() has taken last. */
static const char *word_of(char **argv)
{
	bool apart = optarg && optarg == argv[optind - 1];

	return argv[optind - (apart ? 2 : 1)];
}

static enum options_result take_all(int argc, char **argv, struct options *out)
{
	enum options_result result = OPTIONS_RUN;
	int option, index = -1;

	opterr = 0;
	while (result == OPTIONS_RUN &&
	       (option = getopt_long(argc, argv, ":o:inprj:qvhV", long_options, &index)) != -1) {
		bool wrong = option == '?' || option == ':';
		if (wrong)
			mistake_put(option, argv[optind - 1], long_options);
		else if (index >= 0 && !mistake_is_whole(word_of(argv), &long_options[index]))
			wrong = mistake_unknown(word_of(argv), long_options);
		else
			result = take(option, out);
		if (wrong) {
			fputs("Try 'irelfix --help'.\n", stderr);
			result = OPTIONS_USAGE;
		}
		index = -1;
	}
	return result;
}

enum options_result options_parse(int argc, char **argv, struct options *out)
{
	enum options_result result;

	*out = (struct options){
		.strategy = IRELFIX_AUTO, .color = is_color_welcome(), .utf8 = page_is_utf8(),
		.columns = page_columns(STDOUT_FILENO), .error_columns = page_columns(STDERR_FILENO),
	};
	out->write.size = sizeof(out->write);
	result = take_all(argc, argv, out);
	if (result != OPTIONS_RUN)
		return result;
	out->files = argv + optind;
	out->file_count = argc - optind;
	out->piped = is_piped(out);
	return check(out);
}
