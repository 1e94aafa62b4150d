/* SPDX-License-Identifier: MIT */
#include "values.h"

#include <string.h>

/* Options of one letter; their value may also stand in the same argument. */
static const char driver_letters[] = "ABDFGIJLRTUbehluxz";
static const char linker_letters[] = "AFILOPRTYabcefhjlmuyz";

/* Of gcc and clang, as they are written. What begins with -X hands its value on as well. */
static const char *const driver_names[] = {
	"--analyzer-output", "--assert", "--define-macro", "--dump", "--dumpbase",
	"--dumpbase-ext", "--dumpdir", "--entry", "--for-assembler", "--imacros", "--include",
	"--include-directory", "--include-directory-after", "--include-prefix",
	"--include-with-prefix", "--include-with-prefix-after", "--include-with-prefix-before",
	"--language", "--library-directory", "--no-system-header-prefix", "--param", "--prefix",
	"--rtlib", "--serialize-diagnostics", "--specs", "--std", "--stdlib", "--sysroot",
	"--system-header-prefix", "--undefine-macro", "--vfsoverlay", "-Hd", "-Hf", "-MF", "-MJ",
	"-MQ", "-MT", "-Tbss", "-Tdata", "-Ttext", "-arch", "-aux-info", "-ccc-gcc-name",
	"-ccc-install-dir", "-cxx-isystem", "-darwin-target-variant",
	"-darwin-target-variant-triple", "-dependency-dot", "-dependency-file", "-dsym-dir",
	"-dumpbase", "-dumpbase-ext", "-dumpdir", "-fdebug-compilation-dir",
	"-fexperimental-openacc-macro-override", "-fintrinsic-modules-path",
	"-fmodules-user-build-path", "-fnew-alignment", "-framework", "-ftrapv-handler",
	"-gen-cdb-fragment-path", "-gnatO", "-hlsl-entry", "-iapinotes-modules", "-idirafter",
	"-iframework", "-iframeworkwithsysroot", "-imacros", "-imultiarch", "-imultilib",
	"-include", "-include-pch", "-init", "-iprefix", "-iquote", "-isysroot", "-isystem",
	"-isystem-after", "-ivfsoverlay", "-iwithprefix", "-iwithprefixbefore", "-iwithsysroot",
	"-meabi", "-mllvm", "-mmlir", "-module-dependency-dir", "-mthread-model", "-plugin-opt",
	"-resource-dir", "-rpath", "-serialize-diagnostics", "-specs", "-stdlib++-isystem",
	"-sysroot", "-target", "-vfsoverlay", "-working-directory", "-wrapper", NULL,
};

/* Of GNU ld, gold, lld and mold, with one dash or two. */
static const char *const linker_names[] = {
	"Map", "Tbss", "Tdata", "Ttext", "Ttext-segment", "architecture", "assert", "audit",
	"auxiliary", "chroot", "dT", "debug", "default-script", "defsym", "depaudit",
	"dependency-file", "dynamic-linker", "dynamic-list", "entry", "error-handling-script",
	"exclude-libs", "export-dynamic-symbol", "export-dynamic-symbol-list", "filter", "fini",
	"flto-partition", "format", "fuse-ld", "hash-style", "ignore-unresolved-symbol",
	"image-base", "incremental-base", "init", "irpgo-profile", "just-symbols", "keep-unique",
	"library", "library-path", "load-pass-plugin", "lto-known-safe-vtables", "mllvm",
	"mri-script", "oformat", "opt-remarks-filename", "opt-remarks-format",
	"opt-remarks-passes", "orphan-handling", "out-implib", "plugin", "plugin-opt",
	"print-symbol-counts", "print-symbol-order", "remap-inputs", "reproduce",
	"require-defined", "retain-symbols-file", "rpath", "rpath-link", "script",
	"section-ordering-file", "section-start", "soname", "sort-section", "spare-dynamic-tags",
	"symbol-ordering-file", "sysroot", "task-link", "thinlto-distributor-arg",
	"thinlto-remote-compiler-arg", "thinlto-remote-compiler-prepend-arg", "trace-symbol",
	"undefined", "undefined-glob", "unresolved-symbols", "version-exports-section",
	"version-script", "warn-backrefs-exclude", "why-live", "wrap", NULL,
};

static bool is_one_of(const char *name, const char *const *names)
{
	while (*names && strcmp(name, *names) != 0)
		names++;
	return *names != NULL;
}

static bool is_letter(const char *option, const char *letters)
{
	return option[0] == '-' && option[1] && !option[2] && strchr(letters, option[1]);
}

bool values_takes_one(enum tool kind, const char *option)
{
	size_t dashes = strspn(option, "-");

	if (kind == TOOL_LINKER)
		return is_letter(option, linker_letters) ||
		       ((dashes == 1 || dashes == 2) && is_one_of(option + dashes, linker_names));
	return is_letter(option, driver_letters) || (strncmp(option, "-X", 2) == 0 && option[2]) ||
	       is_one_of(option, driver_names);
}
