/* SPDX-License-Identifier: MIT */
/* Imitations of glibc's static startup: _start at TEXT calls a function with the loop. */
#ifndef TEST_STARTUP_CODE_H
#define TEST_STARTUP_CODE_H

#include "synthetic.h"

#define STARTUP (TEXT + 0x40)
#define RESOLVER (TEXT + 0x800)

/* Where the startup code forms its bounds. */
struct formed {
	uint64_t start, end;
};

/* ---- x86-64 --------------------------------------------------------------------------------- */

static inline void x86_start(struct synthetic *s, uint64_t function)
{
	uint64_t at = X86(s, TEXT, "\x31\xed");               /* xor ebp, ebp */

	X86(s, X86_REL(s, at, "\xe8", function), "\xf4");     /* call function; hlt */
}

/* The loop over [rbx, rbp), entered at @at. @return the address behind the function. */
static inline uint64_t x86_loop(struct synthetic *s, uint64_t at)
{
	uint64_t guard = X86(s, at, "\x48\x39\xeb");          /* cmp rbx, rbp */
	uint64_t loop = guard + 6, done = loop + 30;

	X86_REL(s, guard, "\x0f\x83", done);                  /* jae done */
	at = X86(s, loop, "\x83\x7b\x08\x25");                /* loop: cmp dword [rbx + 8], 37 */
	at = X86_REL(s, at, "\x0f\x85", done);                /* jne done */
	at = X86(s, at, "\xff\x53\x10");                      /* call [rbx + 16] */
	at = X86(s, at, "\x48\x8b\x0b");                      /* mov rcx, [rbx] */
	at = X86(s, at, "\x48\x89\x01");                      /* mov [rcx], rax */
	at = X86(s, at, "\x48\x83\xc3\x18");                  /* add rbx, 24 */
	at = X86(s, at, "\x48\x39\xeb");                      /* cmp rbx, rbp */
	at = X86(s, at, "\x72\xe4");                          /* jb loop */
	assert_int_equal(at, loop + 28);
	return X86(s, done, "\xc3");                          /* done: ret */
}

static inline struct formed x86_startup(struct synthetic *s, uint64_t start, uint64_t end)
{
	struct formed formed = { .start = STARTUP };

	x86_start(s, STARTUP);
	formed.end = X86_REL(s, STARTUP, "\x48\x8d\x1d", start); /* lea rbx, [rip + START] */
	x86_loop(s, X86_REL(s, formed.end, "\x48\x8d\x2d", end)); /* lea rbp, [rip + END] */
	return formed;
}

/* ---- AArch64 -------------------------------------------------------------------------------- */

#define RET UINT32_C(0xd65f03c0)

static inline void aarch64_start(struct synthetic *s, uint64_t function)
{
	put_word(s, put_branch26(s, TEXT, 0x94000000, function), 0); /* bl function; udf */
}

/* The loop over [x19, x20), entered at @at. @return the address behind the function. */
static inline uint64_t aarch64_loop(struct synthetic *s, uint64_t at)
{
	uint64_t loop = at + 8, done = loop + 40;

	at = put_word(s, at, 0xeb14027f);                     /* cmp x19, x20 */
	put_branch19(s, at, 0x54000002, done);                /* b.hs done */
	at = put_word(s, loop, 0xb9400a68);                   /* loop: ldr w8, [x19, 8] */
	at = put_word(s, at, 0x7110211f);                     /* cmp w8, 1032 */
	at = put_branch19(s, at, 0x54000001, done);           /* b.ne done */
	at = put_word(s, at, 0xf9400a68);                     /* ldr x8, [x19, 16] */
	at = put_word(s, at, 0xd63f0100);                     /* blr x8 */
	at = put_word(s, at, 0xf9400268);                     /* ldr x8, [x19] */
	at = put_word(s, at, 0xf9000100);                     /* str x0, [x8] */
	at = put_word(s, at, 0x91006273);                     /* add x19, x19, 24 */
	at = put_word(s, at, 0xeb14027f);                     /* cmp x19, x20 */
	at = put_branch19(s, at, 0x54000003, loop);           /* b.lo loop */
	assert_int_equal(at, done);
	return put_word(s, done, RET);
}

static inline struct formed aarch64_startup(struct synthetic *s, uint64_t start, uint64_t end)
{
	struct formed formed = { .start = STARTUP, .end = STARTUP + 4 };

	aarch64_start(s, STARTUP);
	put_adr(s, formed.start, 19, start);
	put_adr(s, formed.end, 20, end);
	aarch64_loop(s, formed.end + 4);
	return formed;
}

/* ---- both ----------------------------------------------------------------------------------- */

static inline struct formed put_startup(struct synthetic *s, uint64_t start, uint64_t end)
{
	return s->arch == &arch_x86_64 ? x86_startup(s, start, end)
	                               : aarch64_startup(s, start, end);
}

/* As LLVM's libc does: another type is passed over. @return as put_startup() */
static inline struct formed put_lenient_startup(struct synthetic *s, uint64_t start, uint64_t end)
{
	struct formed formed = put_startup(s, start, end);

	if (s->arch == &arch_x86_64) {
		uint64_t loop = formed.end + 7 + 9;
		X86_REL(s, loop + 4, "\x0f\x85", loop + 19);       /* jne to the add */
	} else {
		uint64_t loop = formed.end + 4 + 8;
		put_branch19(s, loop + 8, 0x54000001, loop + 28); /* b.ne to the add */
	}
	return formed;
}

static inline void put_irelative(struct synthetic *s, const struct arch *arch, uint64_t slot)
{
	synthetic_entry(s, (struct reloc){ slot, arch->irelative, 0, RESOLVER });
}

static inline void put_stray(struct synthetic *s, const struct arch *arch, uint64_t slot,
                             const char *symbol)
{
	synthetic_entry(s, (struct reloc){ slot, arch->glob_dat, synthetic_weak(s, symbol), 0 });
}

#endif
