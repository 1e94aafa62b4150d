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
 * The library never prints, never exits and keeps no global state. A handle belongs to one thread at
 * a time. Strings that are reached through a handle are its own and live until irelfix_close(),
 * whatever becomes of the file; all others are static.
 *
 * What may surprise. A file that is opened by its name is locked with flock(2) until the handle is
 * closed, shared, and for writing in place exclusively; while another irelfix writes into it, a call
 * waits for two seconds at most. Writing holds back SIGINT, SIGTERM, SIGHUP and SIGXFSZ in the calling
 * thread, so that no temporary file stays behind. irelfix_prove() forks and runs programs, and waits
 * for them.
 *
 * Structures grow at their end. Whoever passes one says how large it is: as an argument, or in its
 * member `size`. A caller built with an older header gets and sets what that one had.
 */
#ifndef IRELFIX_H
#define IRELFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IRELFIX_VERSION "1.0.0"

/** How a step ended. The numbers are the program's exit codes. */
enum irelfix_status {
	IRELFIX_OK = 0,         /**< done, or the file is healthy */
	IRELFIX_BROKEN = 1,     /**< the file needs repair */
	IRELFIX_USAGE = 2,      /**< a call out of order, or an impossible request */
	IRELFIX_FILE = 3,       /**< cannot be read or written, not ELF, or malformed */
	IRELFIX_REFUSED = 4,    /**< it does not start, and is not repairable with certainty */
	IRELFIX_UNVERIFIED = 5, /**< the result did not pass its own verification */
};

/** What a file is, as far as irelfix looks. */
enum irelfix_verdict {
	IRELFIX_VERDICT_HEALTHY,       /**< nothing keeps startup from reaching main */
	IRELFIX_VERDICT_BROKEN,        /**< one of the classes; it can be repaired */
	IRELFIX_VERDICT_REFUSED,       /**< one of the classes; a repair is not certain, or not enough */
	IRELFIX_VERDICT_CANNOT_START,  /**< startup is known to die of something else */
	IRELFIX_VERDICT_NOT_EXAMINED,  /**< static; of a machine, or packed, as irelfix does not know, or
	                                    more than is looked through */
	IRELFIX_VERDICT_NOT_CONCERNED, /**< dynamic, a library, an object, another C library */
};

/** Why a step ended so. The numbers stay what they are; new ones come at the end. */
enum irelfix_reason {
	IRELFIX_REASON_NONE = 0,
	/* the call */
	IRELFIX_REASON_CALL,        /**< out of order, or with arguments that it does not take */
	/* the system */
	IRELFIX_REASON_MEMORY,      /**< there is not enough memory */
	IRELFIX_REASON_SYSTEM,      /**< the system refused to read, write, lock, rename, ... */
	IRELFIX_REASON_CHANGED,     /**< the file changed while it was dealt with */
	IRELFIX_REASON_LOSS,        /**< links, owner, capabilities or labels could not be kept */
	/* the file as such */
	IRELFIX_REASON_NOT_ELF,
	IRELFIX_REASON_MALFORMED,   /**< it contradicts itself or ends too early */
	/* symbols */
	IRELFIX_REASON_UNDEFINED,   /**< an undefined symbol that is not weak */
	IRELFIX_REASON_DEFINED,     /**< a stray entry against a symbol that is defined */
	IRELFIX_REASON_NO_SYMBOL,   /**< an entry against a symbol that is not in the table */
	IRELFIX_REASON_THREAD_LOCAL, /**< an entry against a thread-local symbol */
	/* relocations */
	IRELFIX_REASON_TYPE,        /**< a type that only a dynamic linker can resolve */
	IRELFIX_REASON_FORM,        /**< entries in a form that this machine's startup does not read */
	IRELFIX_REASON_PACKED,      /**< packed (APS2) relocations */
	IRELFIX_REASON_ANDROID_RELR, /**< relocations in DT_ANDROID_RELR */
	IRELFIX_REASON_RELR,        /**< RELR relocations, with a glibc that does not read them */
	IRELFIX_REASON_SCATTERED,   /**< IRELATIVE entries in more than one place */
	IRELFIX_REASON_FIXED_ORDER, /**< entries that cannot move, in an order that would have to change */
	IRELFIX_REASON_NO_IRELATIVE, /**< no entry to pad with */
	/* startup */
	IRELFIX_REASON_NOT_FOUND,   /**< the code that reads the bounds, or where they come from */
	IRELFIX_REASON_AMBIGUOUS,   /**< different bounds fit the code */
	IRELFIX_REASON_COMPLEX,     /**< a limit of the analysis was met */
	IRELFIX_REASON_UNRELOCATED, /**< startup reads a word before it is relocated */
	IRELFIX_REASON_RPATH,       /**< DT_RPATH or DT_RUNPATH in a static-PIE */
	IRELFIX_REASON_HEADERS,     /**< program headers that are in no PT_LOAD */
	IRELFIX_REASON_IMAGE_BASE,  /**< an image base that startup may take for the load bias */
	IRELFIX_REASON_DYNAMIC,     /**< a PT_DYNAMIC that is read-only where startup writes into it */
	IRELFIX_REASON_PAGES,       /**< PT_LOADs that share a page */
	/* edits */
	IRELFIX_REASON_PLACE,       /**< bytes to be changed that are not in the file, or not to be changed */
	IRELFIX_REASON_REACH,       /**< an instruction that cannot hold the new value */
	IRELFIX_REASON_SHARED,      /**< an instruction that forms other values, too */
	IRELFIX_REASON_STRATEGY,    /**< the strategy that was asked for is impossible */
	IRELFIX_REASON_RESULT,      /**< the result is not what was planned */
	/* proof */
	IRELFIX_REASON_NOT_REACHED, /**< main is not reached */
	IRELFIX_REASON_NOT_RUN,     /**< a model could not be run */
	IRELFIX_REASON_NO_MAIN,     /**< main was not found */
	/* found later on */
	IRELFIX_REASON_CANONICAL_PLT, /**< the address of a weak function's PLT entry is in the code */
	IRELFIX_REASON_START_FILE, /**< the start file (crt1.o) of another kind of executable */
	IRELFIX_REASON_MOVED_DYNAMIC, /**< PT_DYNAMIC is not where startup looks for it */
	IRELFIX_REASON_COPY,        /**< data that only a shared library has */
	IRELFIX_REASON_PACKER,      /**< a packed program (UPX) */
	IRELFIX_REASON_MACHINE,     /**< a machine that irelfix does not know */
	IRELFIX_REASON_BOLT,        /**< BOLT moved the entries of a repaired file */
	IRELFIX_REASON_RESOLVER,    /**< an IRELATIVE entry that does not point to a function's start */
	IRELFIX_REASON_COSTLY,      /**< more to look at than is spent on one file */
	IRELFIX_REASON_COUNT        /**< how many there are in this version */
};

/** How the entries that are not IRELATIVE leave the iplt bounds. */
enum irelfix_strategy {
	IRELFIX_AUTO,    /**< asked for: what is possible, narrow first. Said of a plan: none yet */
	IRELFIX_NARROW,  /**< R_*_NONE in front, the start bound moved behind them */
	IRELFIX_PAD,     /**< each overwritten with a copy of an IRELATIVE entry; no code changes */
	IRELFIX_MOVE,    /**< said of a plan: the bounds move to the entries (lost-irelative) */
	IRELFIX_DISARM,  /**< said of a plan: entries become R_*_NONE, there are no bounds (static-PIE) */
	IRELFIX_DETACH,  /**< said of a plan: nothing but the name of a dynamic linker goes */
};

/** The order in which edits are written: what comes later relies on what comes before. */
enum irelfix_stage {
	IRELFIX_STAGE_HEADER,   /**< p_type of a program header */
	IRELFIX_STAGE_SLOT,     /**< the word that an entry is about gets what a static link means */
	IRELFIX_STAGE_HARMLESS, /**< an entry that does no harm by itself */
	IRELFIX_STAGE_ENTRY,    /**< an entry by which the defect is recognised */
	IRELFIX_STAGE_SYMTAB,   /**< the bounds' symbols in .symtab, which nothing executes */
	IRELFIX_STAGE_END,      /**< a place that holds the end bound */
	IRELFIX_STAGE_START,    /**< a place that holds the start bound */
};

/** One executable. */
struct irelfix;

/* ---- opening -------------------------------------------------------------------------------- */

/**
 * Opens and maps @path for reading, and parses its headers. If another process shortens the file
 * while it is mapped, an access raises SIGBUS. A program that must survive that installs a SIGBUS
 * handler that maps a zero page; the call then fails because the size changed.
 *
 * @param out receives the handle, also when the call fails (for irelfix_message), or NULL when
 *            there is no memory. It is the caller's to close.
 * @return IRELFIX_OK, or IRELFIX_FILE.
 */
enum irelfix_status irelfix_open(const char *path, struct irelfix **out);

/** The same for a descriptor of a regular file, which stays the caller's. Nothing is locked. */
enum irelfix_status irelfix_open_fd(int fd, struct irelfix **out);

/** The same for @size bytes at @data, which must stay as they are until irelfix_close(). */
enum irelfix_status irelfix_open_memory(const void *data, size_t size, struct irelfix **out);

/** Releases the handle; NULL is allowed. */
void irelfix_close(struct irelfix *file);

/* ---- the stages ----------------------------------------------------------------------------- */

/**
 * Takes undefined symbols that are not weak for weak ones: the program starts, and a call of one of them
 * crashes. Before irelfix_diagnose().
 *
 * @param symbols comma-separated names, or "all"; must outlive the handle
 * @return IRELFIX_OK or IRELFIX_USAGE
 */
enum irelfix_status irelfix_allow_undefined(struct irelfix *file, const char *symbols);

/**
 * @return IRELFIX_OK (nothing to repair), IRELFIX_BROKEN, IRELFIX_REFUSED (it will not start, and
 *         cannot be repaired) or IRELFIX_FILE. The report has the verdict.
 */
enum irelfix_status irelfix_diagnose(struct irelfix *file);

/**
 * Plans the repair of a broken file. For a healthy file the plan is empty. After a failure another
 * strategy may be tried.
 *
 * @param strategy IRELFIX_AUTO, IRELFIX_NARROW or IRELFIX_PAD
 * @return IRELFIX_OK, IRELFIX_REFUSED, IRELFIX_FILE or IRELFIX_USAGE.
 */
enum irelfix_status irelfix_plan(struct irelfix *file, enum irelfix_strategy strategy);

/**
 * Verifies, in memory, what the plan leads to. Writing verifies by itself: irelfix_write() what is on
 * disk before it gets its name, irelfix_write_in_place() before and after.
 *
 * @return IRELFIX_OK, IRELFIX_UNVERIFIED, IRELFIX_FILE or IRELFIX_USAGE.
 */
enum irelfix_status irelfix_verify(struct irelfix *file);

/** How a result is put on disk; zero means the default everywhere but in @size. */
struct irelfix_write_options {
	size_t size;               /**< of this structure */
	bool preserve_dates;       /**< keep access and modification time */
	bool atomic;               /**< in place: replace the file, do not write into it */
	const char *backup_suffix; /**< in place: keep the original under its name plus this;
	                                NULL: no backup */
};

/**
 * Writes the repaired file to @path, whole or not at all: into a new file beside it, which is
 * verified, synced and renamed. Its mode is the input's & 0777; of an input in memory 0755. @path may
 * be the input itself.
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
 * @return as irelfix_write(); IRELFIX_USAGE for what was not opened by its name
 */
enum irelfix_status irelfix_write_in_place(struct irelfix *file,
                                           const struct irelfix_write_options *options);

/**
 * Applies the edits to @data, a copy of the file of @size bytes in the caller's memory.
 *
 * @return IRELFIX_OK; IRELFIX_FILE when other bytes are there than in the file, and some edits may
 *         have been applied; IRELFIX_USAGE before a plan
 */
enum irelfix_status irelfix_apply(struct irelfix *file, void *data, size_t size);

/**
 * Tell the library that a read went wrong (your SIGBUS handler ran). Discards diagnosis and plan:
 * nothing but irelfix_message() and irelfix_close() is left.
 *
 * @return IRELFIX_FILE, with @why as message
 */
enum irelfix_status irelfix_reject(struct irelfix *file, const char *why);

/* ---- what is known -------------------------------------------------------------------------- */

/** What irelfix_diagnose() found. A number that nothing is known of is 0, a string NULL. */
struct irelfix_report {
	enum irelfix_verdict verdict;
	enum irelfix_reason reason; /**< of the verdict; NONE: it needs none */
	const char *defect;   /**< the failure class, "wide-bounds"; NULL: none */
	const char *interpreter; /**< the dynamic linker that a static program names, if that is at least
	                              one of its faults: class "static-interp", besides @defect */
	const char *finding;  /**< one sentence on what was found and, once planned, on how it is repaired */
	const char *advice;   /**< what to do about the reason, where something is known */
	const char *machine;  /**< "x86-64"; NULL: not one that irelfix knows */
	const char *type;     /**< "ET_EXEC", "ET_DYN", ... */
	const char *linker;   /**< "LLD 22.1.8", "mold 1.10.1", as .comment says; NULL: not said */
	enum irelfix_strategy strategy; /**< of the plan */
	const char *table;    /**< the relocation table at stake, ".rela.dyn", or its dynamic tag */
	uint64_t table_start; /**< virtual address of the entries at stake */
	uint64_t table_end;
	size_t entry_size;    /**< bytes */
	/* of the entries in [table_start, table_end): */
	size_t entries;       /**< all */
	size_t irelative;     /**< IRELATIVE entries */
	size_t stray;         /**< entries that the repair takes away or, for lost-irelative, that are
	                           not IRELATIVE. A static-PIE has others besides, which stay */
	bool bounds_known;    /**< the four addresses below are valid */
	uint64_t start, end;  /**< the iplt bounds that the startup code reads, virtual addresses */
	uint64_t new_start, new_end; /**< the bounds after the repair */
	bool repaired_earlier; /**< healthy, as a repair left it; one that only moved bounds leaves no sign */
};

/**
 * Fills in what was found; valid after irelfix_diagnose(), completed by irelfix_plan().
 *
 * @param size sizeof(*out)
 */
void irelfix_report(const struct irelfix *file, struct irelfix_report *out, size_t size);

/** One change of bytes. Old and new differ. */
struct irelfix_edit {
	uint64_t offset;  /**< in the file, bytes */
	uint64_t address; /**< virtual address; 0 where the bytes are not loaded (.symtab) */
	uint32_t size;    /**< bytes, at most 24 */
	enum irelfix_stage stage;
	unsigned char old_bytes[24];
	unsigned char new_bytes[24];
	const char *symbol; /**< that it is about, or NULL */
	bool instruction;   /**< of a bound: the bytes are an instruction, not a word */
};

/** The number of planned edits. */
size_t irelfix_edit_count(const struct irelfix *file);

/**
 * Fills in planned edit @index, in the order in which they are written.
 *
 * @param size sizeof(*out)
 * @return false when there is none
 */
bool irelfix_edit(const struct irelfix *file, size_t index, struct irelfix_edit *out, size_t size);

/**
 * The psABI's name of the relocation type of entry @index of the entries at stake, before the
 * repair or (@after, once planned) after it; NULL where there is none or it has no name.
 */
const char *irelfix_entry(const struct irelfix *file, size_t index, bool after);

/** How many stray entries are kept with what they are about: more than a person reads. */
enum { IRELFIX_STRAYS_MAX = 96 };

/** One of the entries that irelfix_report.stray counts, as it was before the repair. */
struct irelfix_stray {
	const char *type;   /**< the psABI's name, "R_X86_64_GLOB_DAT", or "type 99" */
	const char *symbol; /**< that it is against, or NULL */
	uint64_t slot;      /**< virtual address of the word that it is about (r_offset) */
	uint64_t address;   /**< virtual address of the entry */
};

/**
 * Fills in stray entry @index, in the order of the table, of the first IRELFIX_STRAYS_MAX. After
 * irelfix_diagnose().
 *
 * @param size sizeof(*out)
 * @return false when there is none
 */
bool irelfix_stray(const struct irelfix *file, size_t index, struct irelfix_stray *out, size_t size);

/**
 * Copies the function that covers virtual @address to @out, "__libc_start_main+0x6f6".
 * @return false when .symtab does not tell.
 */
bool irelfix_where(const struct irelfix *file, uint64_t address, char *out, size_t size);

/**
 * What may go wrong although nothing is wrong with startup, one sentence; NULL: nothing that is known.
 * After irelfix_diagnose().
 */
const char *irelfix_hint(const struct irelfix *file);

/** One sentence about the last step: the result, or why it failed. Without the file's name. */
const char *irelfix_message(const struct irelfix *file);

/** Why the last step failed, or why a file is refused. */
enum irelfix_reason irelfix_reason(const struct irelfix *file);

/* ---- proof ---------------------------------------------------------------------------------- */

/** How one run of the startup code ended. */
enum irelfix_proof_result {
	IRELFIX_STARTED, /**< main was reached: every resolver ran and startup went through */
	IRELFIX_FAILED,  /**< it died, hung or exited before main */
	IRELFIX_NOT_RUN, /**< there is no such processor, emulator or model here */
};

/** One run. */
struct irelfix_proof {
	const char *model; /**< "native", or a processor model of the emulator */
	enum irelfix_proof_result result;
	const char *detail; /**< how it died or why it was not run; "" after a start */
	const char *missing; /**< the emulator that was looked for and not found, or NULL */
};

/** What irelfix_prove() should do; zero means the default everywhere but in @size. */
struct irelfix_prove_options {
	size_t size;          /**< of this structure */
	const char *models;   /**< comma-separated, 1 to 64; "all": what the emulator lists; NULL: the
	                           machine's usual set, see irelfix_model() */
	const char *emulator; /**< qemu-user's program; NULL: the usual name, searched in PATH, or that
	                           with "-static" behind it */
	unsigned seconds;     /**< limit for one run; 0: 10 */
	/** Called in the calling thread as each run ends, in the order of the models; or NULL. */
	void (*ended)(void *context, const struct irelfix_proof *proof);
	/** Asked every few milliseconds: true ends the current run and begins no other; or NULL. */
	bool (*stop)(void *context);
	void *context;        /**< for both */
};

/**
 * Runs the startup code of a static executable, with the planned edits where there is a plan:
 * a temporary copy, in which the first instructions of main are replaced by "exit with an agreed
 * code", is started once per model. Nothing of main itself runs; constructors do. A main that is
 * too short for that returns the code instead, so that destructors run as well. The copy is never
 * setuid, has an empty environment, no input and no terminal. It runs below a process of its own,
 * which has ended, with all that the copy has started, when this returns; it also ends when the
 * caller does. A dynamic executable, or another kind of file, has no proofs.
 *
 * @param options may be NULL
 * @return IRELFIX_OK when no run failed and all that were asked for by name were run;
 *         IRELFIX_UNVERIFIED when a run failed; IRELFIX_FILE when a named model, or any model at
 *         all, could not be run, and when it was stopped.
 */
enum irelfix_status irelfix_prove(struct irelfix *file, const struct irelfix_prove_options *options);

/** The number of runs of irelfix_prove(). */
size_t irelfix_proof_count(const struct irelfix *file);

/**
 * Fills in run @index.
 *
 * @param size sizeof(*out)
 * @return false when there is none
 */
bool irelfix_proof(const struct irelfix *file, size_t index, struct irelfix_proof *out,
                   size_t size);

/** A processor model of a machine's usual set. Besides these there is "native". */
struct irelfix_model {
	const char *machine;    /**< "x86-64" */
	const char *emulator;   /**< "qemu-x86_64" */
	const char *name;
	const char *stands_for; /**< machines that people have, and what their processors have */
};

/**
 * Fills in model @index, machine by machine.
 *
 * @param size sizeof(*out)
 * @return false when there is none
 */
bool irelfix_model(size_t index, struct irelfix_model *out, size_t size);

/* ---- words ---------------------------------------------------------------------------------- */

/** What a reason means, as one sentence: "an undefined symbol that is not weak". Never NULL. */
const char *irelfix_strerror(enum irelfix_reason reason);

/** A reason's name for programs: "undefined-symbol"; "" for none. Never NULL. */
const char *irelfix_reason_name(enum irelfix_reason reason);

/** What to do about a reason, or NULL where nothing general can be said. */
const char *irelfix_advice(enum irelfix_reason reason);

/** The name of failure class @index, "wide-bounds"; NULL behind the last one. */
const char *irelfix_class_name(size_t index);

/** What is wrong with a file of failure class @index, as one sentence; NULL behind the last one. */
const char *irelfix_class_meaning(size_t index);

/** "narrow", "pad", ...; NULL for IRELFIX_AUTO and what is none. */
const char *irelfix_strategy_name(enum irelfix_strategy strategy);

/** "healthy", "broken", "refused", "cannot start", "not examined", "not concerned"; never NULL. */
const char *irelfix_verdict_name(enum irelfix_verdict verdict);

/** "slot", "entry", ".symtab", "start bound", ...; NULL for what is none. */
const char *irelfix_stage_name(enum irelfix_stage stage);

/** The library's version, "X.Y.Z". */
const char *irelfix_version(void);

#ifdef __cplusplus
}
#endif

#endif
