/* SPDX-License-Identifier: MIT */
/* A C library of its own: its startup walks the bounds and passes over other types, as LLVM's does. */
#include <elf.h>

extern const Elf64_Rela __rela_iplt_start[] __attribute__((weak, visibility("hidden")));
extern const Elf64_Rela __rela_iplt_end[] __attribute__((weak, visibility("hidden")));

int lone(void) __attribute__((weak));
int (*volatile pointer)(void) = lone;

static int seven(void)
{
	return 7;
}

static int (*volatile choice)(void) = seven; /* a compiler must not choose by itself */

static int (*resolve(void))(void)
{
	return choice;
}

int chosen(void) __attribute__((ifunc("resolve")));

static void leave(long status)
{
#ifdef __x86_64__
	__asm__ volatile("syscall" : : "a"(231L), "D"(status));
#else
	register long number __asm__("x8") = 94;
	register long value __asm__("x0") = status;
	__asm__ volatile("svc 0" : : "r"(number), "r"(value));
#endif
}

__attribute__((noinline)) static void apply(void)
{
	for (const Elf64_Rela *r = __rela_iplt_start; r < __rela_iplt_end; r++) {
		Elf64_Addr (*resolver)(void) = (Elf64_Addr (*)(void))r->r_addend;
#ifdef __x86_64__
		if (ELF64_R_TYPE(r->r_info) != R_X86_64_IRELATIVE)
			continue;
#else
		if (ELF64_R_TYPE(r->r_info) != R_AARCH64_IRELATIVE)
			continue;
#endif
		*(Elf64_Addr *)r->r_offset = resolver();
	}
}

void _start(void)
{
	apply();
	leave(pointer ? 1 : chosen() == 7 ? 0 : 2);
	__builtin_trap();
}
