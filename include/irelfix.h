/* SPDX-License-Identifier: MIT */
/*
 * irelfix: repairs static glibc executables in which the iplt bounds
 * (`__rela_iplt_start`, `__rela_iplt_end`) do not cover exactly the IRELATIVE entries.
 *
 *     struct irelfix *file;
 *     if (irelfix_open("h", &file) == IRELFIX_OK &&
 *         irelfix_diagnose(file) == IRELFIX_BROKEN &&
 *         irelfix_plan(file, IRELFIX_AUTO) == IRELFIX_OK)
 *             irelfix_write(file, "h.fixed", NULL);
 *     puts(irelfix_message(file));
 *     irelfix_close(file);
 *
 * The library never prints, never exits and keeps no global state. A handle belongs to one
 * thread at a time. Everything reached through a handle lives until irelfix_close().
 */
#ifndef IRELFIX_H
#define IRELFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IRELFIX_VERSION "0.1.0"

/** How a step ended. The numbers are the program's exit codes. */
enum irelfix_status {
	IRELFIX_OK = 0,         /**< done, or the file is healthy */
	IRELFIX_BROKEN = 1,     /**< the file needs repair */
	IRELFIX_USAGE = 2,      /**< a call out of order, or an impossible request */
	IRELFIX_FILE = 3,       /**< cannot be read or written, not ELF, or malformed */
	IRELFIX_REFUSED = 4,    /**< affected, but not repairable with certainty */
	IRELFIX_UNVERIFIED = 5, /**< the result did not pass its own verification */
};

/** How the entries that are not IRELATIVE leave the iplt bounds. */
enum irelfix_strategy {
	IRELFIX_AUTO,   /**< narrow where the bounds can be moved, else pad */
	IRELFIX_NARROW, /**< R_*_NONE in front, the start bound moved behind them */
	IRELFIX_PAD,    /**< each overwritten with a copy of an IRELATIVE entry; no code changes */
};

/** One executable. */
struct irelfix;

/** What irelfix_diagnose() found. Strings are static or owned by the handle. */
struct irelfix_report {
	const char *defect;   /**< the failure class, "wide-bounds"; NULL: none */
	bool examined;        /**< false: static, and for a machine that irelfix does not know */
	const char *machine;  /**< "x86-64"; NULL: not one that irelfix knows */
	const char *type;     /**< "ET_EXEC", "ET_DYN", ... */
	const char *linker;   /**< "LLD 22.1.8", "mold 1.10.1", as .comment says; NULL: not said */
	const char *strategy; /**< "narrow" or "pad" once planned; NULL: none needed or none yet */
	const char *table;    /**< the relocation table at stake, ".rela.dyn" */
	uint64_t table_start; /**< virtual address of the range that is repaired */
	uint64_t table_end;
	size_t entries;       /**< entries in that range */
	size_t stray;         /**< of these: entries that are not what startup can process */
	size_t irelative;     /**< of these: IRELATIVE entries */
	bool bounds_known;    /**< the four addresses below are valid */
	uint64_t start, end;  /**< the iplt bounds that the startup code reads, virtual addresses */
	uint64_t new_start, new_end; /**< the bounds after the repair */
};

/** One change of bytes. Old and new differ. */
struct irelfix_edit {
	uint64_t offset;  /**< in the file, bytes */
	uint64_t address; /**< virtual address; 0 where the bytes are not loaded (.symtab) */
	uint32_t size;    /**< bytes, at most 24 */
	unsigned char old_bytes[24];
	unsigned char new_bytes[24];
	const char *why;    /**< "start bound", "slot", ... */
	const char *detail; /**< the symbol or the instruction it belongs to, or NULL */
};

/**
 * Opens and maps @path for reading, and parses its headers. If another process shortens the file
 * while it is mapped, an access raises SIGBUS; a program that must survive that answers it by
 * pages of zeros, and the call then fails because the size has changed.
 *
 * @param out receives the handle, also when the call fails (for irelfix_message), or NULL when
 *            there is no memory. It is the caller's to close.
 * @return IRELFIX_OK, or IRELFIX_FILE.
 */
enum irelfix_status irelfix_open(const char *path, struct irelfix **out);

/** @return IRELFIX_OK (healthy), IRELFIX_BROKEN, IRELFIX_REFUSED or IRELFIX_FILE. */
enum irelfix_status irelfix_diagnose(struct irelfix *file);

/**
 * Says that what was read of @file is not what is in it, as the caller's handler of SIGBUS found
 * out. Diagnosis and plan are gone; nothing but irelfix_message() and irelfix_close() is left.
 *
 * @return IRELFIX_FILE, with @why as message
 */
enum irelfix_status irelfix_reject(struct irelfix *file, const char *why);

/**
 * Plans the repair of a broken file and verifies, in memory, what it leads to. For a healthy
 * file the plan is empty.
 *
 * @return IRELFIX_OK, IRELFIX_REFUSED, IRELFIX_UNVERIFIED or IRELFIX_FILE.
 */
enum irelfix_status irelfix_plan(struct irelfix *file, enum irelfix_strategy strategy);

/** How a result is put on disk; zero means the default everywhere. */
struct irelfix_write_options {
	bool preserve_dates;       /**< keep access and modification time */
	bool atomic;               /**< in place: replace the file, do not write into it */
	const char *backup_suffix; /**< in place: keep the original under its name plus this;
	                                NULL: no backup */
};

/**
 * Writes the repaired file to @path, whole or not at all: into a new file beside it, which is
 * verified, synced and renamed. Its mode is the input's & 0777. @path may be the input itself.
 *
 * @param options may be NULL
 * @return IRELFIX_OK, IRELFIX_UNVERIFIED, IRELFIX_FILE, or IRELFIX_USAGE before a plan.
 */
enum irelfix_status irelfix_write(struct irelfix *file, const char *path,
                                  const struct irelfix_write_options *options);

/**
 * Writes the edits into the file itself, in an order in which stopping at any point leaves a file
 * that another repair completes to the same bytes. Hard links, owner, mode with its special bits,
 * ACLs, capabilities and labels stay. Where that order cannot be had, or the file cannot be opened
 * for writing, it is replaced, with all of these kept except hard links: then it is an error, as
 * is anything that cannot be kept, before the first write. A healthy file is not touched.
 *
 * @param options may be NULL
 * @return as irelfix_write()
 */
enum irelfix_status irelfix_write_in_place(struct irelfix *file,
                                           const struct irelfix_write_options *options);

/** How one run of the startup code ended. */
enum irelfix_proof_result {
	IRELFIX_STARTED, /**< main was reached: every resolver ran and startup went through */
	IRELFIX_FAILED,  /**< it died, hung or exited before main */
	IRELFIX_NOT_RUN, /**< there is no such processor, emulator or model here */
};

/** One run. Strings are owned by the handle. */
struct irelfix_proof {
	const char *model; /**< "native", or a processor model of the emulator */
	enum irelfix_proof_result result;
	const char *detail; /**< how it died or why it was not run; "" after a start */
};

/** What irelfix_prove() should do; zero means the default everywhere. */
struct irelfix_prove_options {
	const char *models;   /**< comma-separated, 1 to 64; NULL: the machine's usual set */
	const char *emulator; /**< qemu-user's program; NULL: the usual name, searched in PATH */
	unsigned seconds;     /**< limit for one run; 0: 10 */
};

/**
 * Runs the startup code of a static executable, with the planned edits where there is a plan:
 * a temporary copy, in which the first instructions of main are replaced by "exit with an agreed
 * code", is started once per model. Nothing of main itself runs; constructors do. A main that is
 * too short for that returns the code instead, so that destructors run as well. The copy is never
 * setuid, has an empty environment, no input, and a process group that is killed at the end. A
 * dynamic executable, or another kind of file, has no proofs.
 *
 * @return IRELFIX_OK when no run failed and all that were asked for by name were run;
 *         IRELFIX_UNVERIFIED when a run failed; IRELFIX_FILE when a named model, or any model at
 *         all, could not be run.
 */
enum irelfix_status irelfix_prove(struct irelfix *file, const struct irelfix_prove_options *options);

/** The runs of irelfix_prove(), in order. @return their number. */
size_t irelfix_proofs(const struct irelfix *file, const struct irelfix_proof **proofs);

/** What was found; valid after irelfix_diagnose(), completed by irelfix_plan(). */
const struct irelfix_report *irelfix_report(const struct irelfix *file);

/** The planned edits in the order in which they are written. @return their number. */
size_t irelfix_edits(const struct irelfix *file, const struct irelfix_edit **edits);

/**
 * The psABI's name of the relocation type of entry @index of the range at stake, before the
 * repair or (@after, once planned) after it; NULL where there is none or it has no name.
 */
const char *irelfix_entry(const struct irelfix *file, size_t index, bool after);

/**
 * Copies the function that covers virtual @address to @out, "__libc_start_main+0x6f6".
 * @return false when .symtab does not tell.
 */
bool irelfix_where(const struct irelfix *file, uint64_t address, char *out, size_t size);

/** One sentence about the last step: the result, or why it failed. Without the file's name. */
const char *irelfix_message(const struct irelfix *file);

/** Releases the handle; NULL is allowed. */
void irelfix_close(struct irelfix *file);

/** The library's version, "X.Y.Z". */
const char *irelfix_version(void);

#ifdef __cplusplus
}
#endif

#endif
