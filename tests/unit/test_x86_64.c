/* SPDX-License-Identifier: MIT */
#include "x86_rows.h"

#include "../../src/arch/x86/opcodes.h"

#include <elf.h>

static const struct row moves[] = {
	{ "movq %rdi, %rbp", "48 89 fd", "3; rbp = rdi" },
	{ "movl %edi, %r12d", "41 89 fc", "3; r12:4 = rdi:4" },
	{ "movq %r9, %rax", "4c 89 c8", "3; rax = r9" },
	{ "movl $0x200718, %edi", "bf 18 07 20 00", "5; rdi:4 = 0x200718:4" },
	{ "movl $0xfffffff0, %r15d", "41 bf f0 ff ff ff", "6; r15:4 = 0xfffffff0:4" },
	{ "movq $-0x10, %rcx", "48 c7 c1 f0 ff ff ff", "7; rcx = 0xfffffffffffffff0" },
	{ "movq $0x200718, %r14", "49 c7 c6 18 07 20 00", "7; r14 = 0x200718" },
	{ "movabsq $0x123456789abcdef0, %r9", "49 b9 f0 de bc 9a 78 56 34 12",
	  "10; r9 = 0x123456789abcdef0" },
	{ "movw $0x18, %ax", "66 b8 18 00", "4; clobbers rax" },
	{ "movb $0x25, %ah", "b4 25", "2; clobbers rax" },
	{ "movb %al, %sil", "40 88 c6", "3; clobbers rsi" },
	{ "movw %dx, %cx", "66 89 d1", "3; clobbers rcx" },
	{ "movl %cs, %eax", "8c c8", "2; clobbers rax" },
};

static const struct row memory[] = {
	{ "movq 0x1000(%rip), %rax", "48 8b 05 00 10 00 00", "7; rax = [0x402007]" },
	{ "movq %rax, -8(%rbp)", "48 89 45 f8", "4; [rbp-0x8] = rax" },
	{ "movq 0x68(%rsp), %rbx", "48 8b 5c 24 68", "5; rbx = [rsp+0x68]" },
	{ "movl 8(%r12), %eax", "41 8b 44 24 08", "5; rax:4 = [r12+0x8]:4" },
	{ "movq (%rax,%rcx), %rdx", "48 8b 14 08", "4; rdx = [rax+rcx]" },
	{ "movq -0x40(%r13,%r9), %rdx", "4b 8b 54 0d c0", "5; rdx = [r13+r9-0x40]" },
	{ "movq (%rax,%r12), %rdx", "4a 8b 14 20", "4; rdx = [rax+r12]" },
	{ "movq (%rax,%rcx,2), %rdx", "48 8b 14 48", "4; clobbers rdx" },
	{ "movq (%rax,%rcx,8), %rdx", "48 8b 14 c8", "4; clobbers rdx" },
	{ "movq 0x200718, %rdx", "48 8b 14 25 18 07 20 00", "8; rdx = [0x200718]" },
	{ "movq %fs:0x28, %rax", "64 48 8b 04 25 28 00 00 00", "9; clobbers rax" },
	{ "movl (%ebx), %eax", "67 8b 03", "3; clobbers rax" },
	{ "movabsq 0x1122334455667788, %rax", "48 a1 88 77 66 55 44 33 22 11",
	  "10; rax = [0x1122334455667788]" },
	{ "movl %eax, 0x10(%r13)", "41 89 45 10", "4; [r13+0x10]:4 = rax:4" },
	{ "movb %al, 8(%rdi)", "88 47 08", "3" },
	{ "movw %ax, 8(%rdi)", "66 89 47 08", "4" },
	{ "movq $0x200718, 8(%rsp)", "48 c7 44 24 08 18 07 20 00", "9; [rsp+0x8] = 0x200718" },
	{ "movl $-1, 8(%rsp)", "c7 44 24 08 ff ff ff ff", "8; [rsp+0x8]:4 = 0xffffffff:4" },
	{ "movq %rax, %gs:8", "65 48 89 04 25 08 00 00 00", "9" },
	{ "movq %rax, (%rdi,%rcx,4)", "48 89 04 8f", "4" },
	{ "movabsq %rax, 0x200718", "48 a3 18 07 20 00 00 00 00 00", "10; [0x200718] = rax" },
};

static const struct row lea[] = {
	{ "leaq 0xff9(%rip), %rdi", "48 8d 3d f9 0f 00 00", "7; rdi = 0x402000" },
	{ "leaq -0x407(%rip), %r12", "4c 8d 25 f9 fb ff ff", "7; r12 = 0x400c00" },
	{ "leal 0x10(%rip), %eax", "8d 05 10 00 00 00", "6; rax:4 = 0x401016:4" },
	{ "leaq 0x18(%rax), %r8", "4c 8d 40 18", "4; r8 = rax + 0x18" },
	{ "leaq -0x18(%r12), %rbx", "49 8d 5c 24 e8", "5; rbx = r12 + 0xffffffffffffffe8" },
	{ "leaq (%rsi), %rdi", "48 8d 3e", "3; rdi = rsi + 0" },
	{ "leal 0x18(%rax), %eax", "8d 40 18", "3; rax:4 = rax:4 + 0x18:4" },
	{ "leaq 0x200718, %rax", "48 8d 04 25 18 07 20 00", "8; rax = 0x200718" },
	{ "leaq (%rax,%rcx), %rdx", "48 8d 14 08", "4; clobbers rdx" },
	{ "leaq 8(,%rcx,8), %rdx", "48 8d 14 cd 08 00 00 00", "8; clobbers rdx" },
	{ "leaw 8(%rax), %dx", "66 8d 50 08", "4; clobbers rdx" },
	{ "leal 8(%eax), %edx", "67 8d 50 08", "4; clobbers rdx" },
	{ "leaq 0x20(%rsp), %rbp", "48 8d 6c 24 20", "5; rbp = rsp + 0x20" },
	{ "leaq -0x28(%rbp), %rsp", "48 8d 65 d8", "4" },
};

/* The stack pointer is never reported as written. */
static const struct row sums[] = {
	{ "addq $0x18, %rbx", "48 83 c3 18", "4; rbx = rbx + 0x18" },
	{ "addq $-0x18, %rbx", "48 83 c3 e8", "4; rbx = rbx + 0xffffffffffffffe8" },
	{ "addq $0x12345678, %rax", "48 05 78 56 34 12", "6; rax = rax + 0x12345678" },
	{ "addl $0x18, %r9d", "41 83 c1 18", "4; r9:4 = r9:4 + 0x18:4" },
	{ "subq $0x18, %r13", "49 83 ed 18", "4; r13 = r13 + 0xffffffffffffffe8; r13 ? 0x18" },
	{ "subl $8, %eax", "83 e8 08", "3; rax:4 = rax:4 + 0xfffffff8:4; rax:4 ? 0x8:4" },
	{ "subq $-0x80, %rdx", "48 83 ea 80", "4; rdx = rdx + 0x80; rdx ? 0xffffffffffffff80" },
	{ "incq %rax", "48 ff c0", "3; rax = rax + 0x1" },
	{ "incl %r10d", "41 ff c2", "3; r10:4 = r10:4 + 0x1:4" },
	{ "decq %rcx", "48 ff c9", "3; rcx = rcx + 0xffffffffffffffff" },
	{ "addq %rcx, %rax", "48 01 c8", "3; rax = rax + rcx" },
	{ "addq 8(%rdi), %rax", "48 03 47 08", "4; clobbers rax" },
	{ "addq $8, 8(%rdi)", "48 83 47 08 08", "5" },
	{ "addw $8, %ax", "66 83 c0 08", "4; clobbers rax" },
	{ "addb $8, %al", "04 08", "2; clobbers rax" },
	{ "subq %rcx, %rax", "48 29 c8", "3; rax ? rcx; clobbers rax" },
	{ "subq 8(%rdi), %rax", "48 2b 47 08", "4; rax ? [rdi+0x8]; clobbers rax" },
	{ "subq %rax, 8(%rdi)", "48 29 47 08", "4; [rdi+0x8] ? rax" },
	{ "addq $8, %rsp", "48 83 c4 08", "4" },
	{ "subq $0x28, %rsp", "48 83 ec 28", "4; rsp ? 0x28" },
	{ "subq %rax, %rsp", "48 29 c4", "3; rsp ? rax" },
	{ "pushq %rbx", "53", "1" },
	{ "pushq $0x18", "6a 18", "2" },
	{ "popq %rbx", "5b", "1; clobbers rbx" },
	{ "popq %r14", "41 5e", "2; clobbers r14" },
	{ "adcq $8, %rax", "48 83 d0 08", "4; clobbers rax" },
	{ "sbbq %rax, %rax", "48 19 c0", "3; clobbers rax" },
	{ "xorl %eax, %eax", "31 c0", "2; clobbers rax" },
	{ "andq $-16, %rsp", "48 83 e4 f0", "4" },
	{ "orq $-1, %rcx", "48 83 c9 ff", "4; clobbers rcx" },
	{ "leave", "c9", "1; clobbers rbp" },
};

static const struct row compares[] = {
	{ "cmpl $0x25, 8(%rax)", "83 78 08 25", "4; [rax+0x8]:4 ? 0x25:4" },
	{ "cmpl $0x25, 8(%r12)", "41 83 7c 24 08 25", "6; [r12+0x8]:4 ? 0x25:4" },
	{ "cmpl $0x25, %eax", "83 f8 25", "3; rax:4 ? 0x25:4" },
	{ "cmpq %rax, %rbx", "48 39 c3", "3; rbx ? rax" },
	{ "cmpq %rbx, 0x1000(%rip)", "48 39 1d 00 10 00 00", "7; [0x402007] ? rbx" },
	{ "cmpq 0x1000(%rip), %r12", "4c 3b 25 00 10 00 00", "7; r12 ? [0x402007]" },
	{ "cmpq $0x200718, %rax", "48 3d 18 07 20 00", "6; rax ? 0x200718" },
	{ "cmpq $0x200718, %r13", "49 81 fd 18 07 20 00", "7; r13 ? 0x200718" },
	{ "cmpq $-1, %rdx", "48 83 fa ff", "4; rdx ? 0xffffffffffffffff" },
	{ "cmpl $-1, %edx", "83 fa ff", "3; rdx:4 ? 0xffffffff:4" },
	{ "cmpb $0x25, 8(%rdi)", "80 7f 08 25", "4; [rdi+0x8]:1 ? 0x25:1" },
	{ "cmpb $0x25, %sil", "40 80 fe 25", "4; rsi:1 ? 0x25:1" },
	{ "cmpb %al, %dh", "38 c6", "2; unknown ? rax:1" },
	{ "cmpb $0x25, %al", "3c 25", "2; rax:1 ? 0x25:1" },
	{ "cmpw $0x25, 4(%rdi)", "66 83 7f 04 25", "5; [rdi+0x4]:2 ? 0x25:2" },
	{ "cmpq %rax, (%rbx,%rcx,8)", "48 39 04 cb", "4; unknown ? rax" },
	{ "cmpq %rax, %fs:0x10", "64 48 39 04 25 10 00 00 00", "9; unknown ? rax" },
	{ "testq %rax, %rax", "48 85 c0", "3" },
	{ "testb $1, 8(%rdi)", "f6 47 08 01", "4" },
};

static const struct row flow[] = {
	{ "jb", "72 10", "2; branch below 0x401012" },
	{ "jae", "73 fe", "2; branch not below 0x401000" },
	{ "jbe", "76 10", "2; branch not above 0x401012" },
	{ "ja", "77 10", "2; branch above 0x401012" },
	{ "je", "74 80", "2; branch 0x400f82" },
	{ "jl", "7c 10", "2; branch 0x401012" },
	{ "jb rel32", "0f 82 00 01 00 00", "6; branch below 0x401106" },
	{ "jae rel32", "0f 83 fa ff ff ff", "6; branch not below 0x401000" },
	{ "jbe rel32", "0f 86 00 01 00 00", "6; branch not above 0x401106" },
	{ "ja rel32", "0f 87 00 01 00 00", "6; branch above 0x401106" },
	{ "jne rel32", "0f 85 00 01 00 00", "6; branch 0x401106" },
	{ "jmp", "eb 10", "2; jump 0x401012" },
	{ "jmp rel32", "e9 fb ff ff ff", "5; jump 0x401000" },
	{ "loop", "e2 fe", "2; branch 0x401000; clobbers rcx" },
	{ "jrcxz", "e3 10", "2; branch 0x401012" },
	{ "call", "e8 00 01 00 00", "5; call 0x401105" },
	{ "addr32 call", "67 e8 00 01 00 00", "6; call 0x401106" },
	{ "data16 data16 rex.W call", "66 66 48 e8 00 01 00 00", "8; call 0x401108" },
	{ "cs call", "2e e8 00 01 00 00", "6; call 0x401106" },
	{ "bnd jmp", "f2 e9 00 01 00 00", "6; jump 0x401106" },
	{ "callq *%rax", "ff d0", "2; call via rax" },
	{ "callq *%r12", "41 ff d4", "3; call via r12" },
	{ "callq *0x1000(%rip)", "ff 15 00 10 00 00", "6; call via [0x402006]" },
	{ "callq *8(%rdi)", "ff 57 08", "3; call via [rdi+0x8]" },
	{ "callq *(%rdi,%rcx,8)", "ff 14 cf", "3; call" },
	{ "callq *%fs:0x10", "64 ff 14 25 10 00 00 00", "8; call" },
	{ "jmpq *%rax", "ff e0", "2; jump via rax" },
	{ "notrack jmpq *%rax", "3e ff e0", "3; jump via rax" },
	{ "jmpq *0x1000(%rip)", "ff 25 00 10 00 00", "6; jump via [0x402006]" },
	{ "jmpq *(%rdi,%rcx,8)", "ff 24 cf", "3; jump" },
	{ "ljmpl *8(%rdi)", "ff 6f 08", "3; jump" },
	{ "lcalll *8(%rdi)", "ff 5f 08", "3; call" },
	{ "xbegin 0x106", "c7 f8 00 01 00 00", "6; branch 0x401106; clobbers rax" },
	{ "retq", "c3", "1; end" },
	{ "rep ret", "f3 c3", "2; end" },
	{ "retq $8", "c2 08 00", "3; end" },
	{ "iretq", "48 cf", "2; end" },
	{ "int3", "cc", "1; end" },
	{ "ud2", "0f 0b", "2; end" },
	{ "hlt", "f4", "1; end" },
	{ "ud1l 8(%eax), %eax", "67 0f b9 40 08", "5; end" },
	{ "syscall", "0f 05", "2; clobbers rax rcx r11" },
	{ "nop", "90", "1" },
	{ "endbr64", "f3 0f 1e fa", "4" },
	{ "nopw %cs:0x100(%rax,%rax)", "2e 66 0f 1f 84 00 00 01 00 00", "10" },
	{ "pause", "f3 90", "2" },
};

static const struct row clobbers[] = {
	{ "mulq %rcx", "48 f7 e1", "3; clobbers rax rdx" },
	{ "divl %ecx", "f7 f1", "2; clobbers rax rdx" },
	{ "mulb %cl", "f6 e1", "2; clobbers rax" },
	{ "imulq %rcx", "48 f7 e9", "3; clobbers rax rdx" },
	{ "imulq %rcx, %rdx", "48 0f af d1", "4; clobbers rdx" },
	{ "imulq $24, %rcx, %rdx", "48 6b d1 18", "4; clobbers rdx" },
	{ "cpuid", "0f a2", "2; clobbers rax rcx rdx rbx" },
	{ "rdtsc", "0f 31", "2; clobbers rax rdx" },
	{ "rdtscp", "0f 01 f9", "3; clobbers rax rcx rdx" },
	{ "xgetbv", "0f 01 d0", "3; clobbers rax rdx" },
	{ "cqto", "48 99", "2; clobbers rdx" },
	{ "cltq", "48 98", "2; clobbers rax" },
	{ "cwtl", "98", "1; clobbers rax" },
	{ "rep movsb", "f3 a4", "2; clobbers rcx rsi rdi" },
	{ "movsq", "48 a5", "2; clobbers rsi rdi" },
	{ "rep stosq", "f3 48 ab", "3; clobbers rcx rdi" },
	{ "repne scasb", "f2 ae", "2; clobbers rcx rdi" },
	{ "lodsb", "ac", "1; clobbers rax rsi" },
	{ "xchgq %rax, %rbx", "48 93", "2; clobbers rax rbx" },
	{ "xchgq %rbx, %r9", "4c 87 cb", "3; clobbers rbx r9" },
	{ "xchgq %rbx, (%rdi)", "48 87 1f", "3; clobbers rbx" },
	{ "xchgb %ah, %bl", "86 dc", "2; clobbers rax rbx" },
	{ "cmpxchgq %rcx, (%rdi)", "48 0f b1 0f", "4; clobbers rax" },
	{ "lock cmpxchgq %rcx, (%rdi)", "f0 48 0f b1 0f", "5; clobbers rax" },
	{ "cmpxchg16b (%rdi)", "48 0f c7 0f", "4; clobbers rax rdx" },
	{ "lock xaddl %ecx, (%rdi)", "f0 0f c1 0f", "4; clobbers rcx" },
	{ "cmovaeq %rcx, %rdx", "48 0f 43 d1", "4; clobbers rdx" },
	{ "setae %cl", "0f 93 c1", "3; clobbers rcx" },
	{ "setae %ch", "0f 93 c5", "3; clobbers rcx" },
	{ "movzbl %cl, %edx", "0f b6 d1", "3; clobbers rdx" },
	{ "movslq %ecx, %rdx", "48 63 d1", "3; clobbers rdx" },
	{ "bsfq %rcx, %rdx", "48 0f bc d1", "4; clobbers rdx" },
	{ "popcntq %rcx, %rdx", "f3 48 0f b8 d1", "5; clobbers rdx" },
	{ "tzcntl %ecx, %edx", "f3 0f bc d1", "4; clobbers rdx" },
	{ "bswapl %edx", "0f ca", "2; clobbers rdx" },
	{ "shlq $4, %rdx", "48 c1 e2 04", "4; clobbers rdx" },
	{ "shldq $4, %rcx, %rdx", "48 0f a4 ca 04", "5; clobbers rdx" },
	{ "btsq $4, %rdx", "48 0f ba ea 04", "5; clobbers rdx" },
	{ "btq $4, %rdx", "48 0f ba e2 04", "5" },
	{ "negq %rdx", "48 f7 da", "3; clobbers rdx" },
	{ "notl %edx", "f7 d2", "2; clobbers rdx" },
	{ "movd %xmm0, %edx", "66 0f 7e c2", "4; clobbers rdx" },
	{ "movq %xmm0, %rdx", "66 48 0f 7e c2", "5; clobbers rdx" },
	{ "movq %rdx, %xmm0", "66 48 0f 6e c2", "5" },
	{ "movq %xmm1, %xmm0", "f3 0f 7e c1", "4" },
	{ "pextrw $1, %xmm0, %edx", "66 0f c5 d0 01", "5; clobbers rdx" },
	{ "pextrq $1, %xmm0, %rdx", "66 48 0f 3a 16 c2 01", "7; clobbers rdx" },
	{ "movmskps %xmm0, %edx", "0f 50 d0", "3; clobbers rdx" },
	{ "cvttsd2si %xmm0, %rdx", "f2 48 0f 2c d0", "5; clobbers rdx" },
	{ "cvtsi2sd %rdx, %xmm0", "f2 48 0f 2a c2", "5" },
	{ "pcmpestri $1, %xmm0, %xmm1", "66 0f 3a 61 c8 01", "6; clobbers rcx" },
	{ "vmovd %xmm0, %edx", "c5 f9 7e c2", "4; clobbers rdx" },
	{ "vmovq %xmm0, %r10", "c4 c1 f9 7e c2", "5; clobbers r10" },
	{ "vpmovmskb %ymm0, %r9d", "c5 7d d7 c8", "4; clobbers r9" },
	{ "vcvttsd2si %xmm0, %r10", "c4 61 fb 2c d0", "5; clobbers r10" },
	{ "kmovq %k1, %rdx", "c4 e1 fb 93 d1", "5; clobbers rdx" },
	{ "kmovq %rdx, %k1", "c4 e1 fb 92 ca", "5" },
	{ "andnq %rcx, %rdx, %rbx", "c4 e2 e8 f2 d9", "5; clobbers rbx" },
	{ "blsrq %rcx, %rdx", "c4 e2 e8 f3 c9", "5; clobbers rdx" },
	{ "bzhiq %rcx, %rdx, %rbx", "c4 e2 f0 f5 da", "5; clobbers rbx" },
	{ "mulxq %rcx, %rdx, %rbx", "c4 e2 eb f6 d9", "5; clobbers rdx rbx" },
	{ "rorxq $3, %rcx, %rdx", "c4 e3 fb f0 d1 03", "6; clobbers rdx" },
	{ "pextl %ecx, %edx, %ebx", "c4 e2 6a f5 d9", "5; clobbers rbx" },
	{ "rdfsbase %rdx", "f3 48 0f ae c2", "5; clobbers rdx" },
	{ "rdrandl %edx", "0f c7 f2", "3; clobbers rdx" },
	{ "rdsspq %rdx", "f3 48 0f 1e ca", "5; clobbers rdx" },
	{ "inb $0x10, %al", "e4 10", "2; clobbers rax" },
	{ "lahf", "9f", "1; clobbers rax" },
	{ "fnstsw %ax", "df e0", "2; clobbers rax" },
	{ "enter $8, $0", "c8 08 00 00", "4; clobbers rbp" },
	{ "rdmsr", "0f 32", "2; clobbers rax rdx" },
	{ "loop", "e2 fe", "2; branch 0x401000; clobbers rcx" },
	{ "movups %xmm0, (%rdi)", "0f 11 07", "3" },
	{ "prefetcht0 (%rdi)", "0f 18 0f", "3" },
	{ "fldl (%rdi)", "dd 07", "2" },
};

/* Encodings that differ in length only. */
static const struct row encodings[] = {
	{ "vmovdqu (%rdi), %ymm0", "c5 fe 6f 07", "4" },
	{ "vmovdqu64 0x40(%rdi), %zmm16", "62 e1 fe 48 6f 47 01", "7" },
	{ "vpternlogd $0xff, %zmm0, %zmm1, %zmm2 {%k1}", "62 f3 75 49 25 d0 ff", "7" },
	{ "vpermb %zmm0, %zmm1, %zmm2", "62 f2 75 48 8d d0", "6" },
	{ "vpcmpeqb 0x1000(%rip), %ymm0, %k1", "62 f1 7d 28 74 0d 00 10 00 00", "10" },
	{ "vinserti32x4 $1, (%rdi,%rcx,4), %zmm0, %zmm0", "62 f3 7d 48 38 04 8f 01", "8" },
	{ "vaddph %zmm0, %zmm1, %zmm2", "62 f5 74 48 58 d0", "6" },
	{ "vfmadd213ph %zmm0, %zmm1, %zmm2", "62 f6 75 48 a8 d0", "6" },
	{ "vzeroupper", "c5 f8 77", "3" },
	{ "pshufd $0, %xmm0, %xmm1", "66 0f 70 c8 00", "5" },
	{ "palignr $8, %xmm0, %xmm1", "66 0f 3a 0f c8 08", "6" },
	{ "pshufb (%rsi), %xmm0", "66 0f 38 00 06", "5" },
	{ "extrq $4, $8, %xmm1", "66 0f 78 c1 08 04", "6" },
	{ "pfadd %mm0, %mm1", "0f 0f c8 9e", "4" },
	{ "vpcmov %xmm0, %xmm1, %xmm2, %xmm3", "8f e8 68 a2 d9 00", "6" },
	{ "bextrl $0x1234, %ecx, %edx", "8f ea 78 10 d1 34 12 00 00", "9; clobbers rdx" },
	{ "testl $0x12345678, %ecx", "f7 c1 78 56 34 12", "6" },
	{ "testw $0x1234, %cx", "66 f7 c1 34 12", "5" },
	{ "notl %ecx", "f7 d1", "2; clobbers rcx" },
	{ "pushw $0x1234", "66 68 34 12", "4" },
	{ "movabsb 0x1122334455667788, %al", "a0 88 77 66 55 44 33 22 11", "9; clobbers rax" },
	{ "imulw $0x1234, %cx, %dx", "66 69 d1 34 12", "5; clobbers rdx" },
	{ "movq %cr0, %rdx", "0f 20 c2", "3; clobbers rdx" },
};

/* Prefixes: a REX before another prefix is ignored; the last of F2 and F3 counts. */
static const struct row prefixes[] = {
	{ "REX, data16 addl", "48 66 01 c0", "4; clobbers rax" },
	{ "REX.W twice, addq", "48 48 01 c0", "4; rax = rax + rax" },
	{ "REX.W, REX, addl", "48 40 01 c0", "4; rax:4 = rax:4 + rax:4" },
	{ "repne, rep: popcnt", "f2 f3 0f b8 c1", "5; clobbers rax" },
	{ "data16, fs, addr32 and the longest nop", "66 64 67 2e 0f 1f 84 00 00 00 00 00", "12" },
	{ "fifteen bytes", "66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", "15" },
};

static void decodes_moves(void **state)
{
	(void)state;
	check_rows(&arch_x86_64, moves, COUNT(moves));
	check_rows(&arch_x86_64, memory, COUNT(memory));
}

static void decodes_addresses(void **state)
{
	(void)state;
	check_rows(&arch_x86_64, lea, COUNT(lea));
}

static void decodes_sums(void **state)
{
	(void)state;
	check_rows(&arch_x86_64, sums, COUNT(sums));
}

static void decodes_compares(void **state)
{
	(void)state;
	check_rows(&arch_x86_64, compares, COUNT(compares));
}

static void decodes_flow(void **state)
{
	(void)state;
	check_rows(&arch_x86_64, flow, COUNT(flow));
}

static void decodes_clobbers(void **state)
{
	(void)state;
	check_rows(&arch_x86_64, clobbers, COUNT(clobbers));
}

static void decodes_encodings(void **state)
{
	(void)state;
	check_rows(&arch_x86_64, encodings, COUNT(encodings));
	check_rows(&arch_x86_64, prefixes, COUNT(prefixes));
}

/* None of these is an instruction, whatever follows. */
static void rejects(void **state)
{
	static const char *const invalid[] = {
		"06", "0e", "1f", "27", "60", "82 c0", "9a", "ce", "d4", "d6", "ea", /* not in 64 bits */
		"0f 04", "0f 0a", "0f 24", "0f 36", "0f a6 18", "0f 38 0c", "0f 3a 18", /* holes */
		"d5 08 01 c0", "62 f4 7c 08 01 c0", "62 f9 7c 48 58 c0", "62 f1 78 48 58 c0", /* APX */
		"62 f0 7c 48 58 c0", "62 f7 7c 48 58 c0",       /* EVEX: maps 0 and 7 */
		"c4 e0 78 58 c0", "c4 e4 78 58 c0",             /* VEX: maps 0 and 4 */
		"8f eb 78 01 c8",                               /* XOP: map 11 */
		"66 c5 f8 77", "f3 c5 f8 77", "f0 c5 f8 77", "48 c5 f8 77", "40 62 f1 7c 48 58 c0",
		"8d c0", "0f b2 c0", "0f c3 c0", "62 f1 7c 48 13 c0", /* memory only */
		"0f 50 00", "0f 71 10 01", "0f f7 00",          /* registers only */
		"0f b8 c0", "f2 0f 54 c0", "66 0f 77", "f3 0f 38 00 c0", "c5 f8 60 c0", /* prefixes */
		"f0 01 c0", "f0 89 07", "f0 83 3f 01", "f0 90", "f0 0f 10 00", /* lock */
		"c6 c8 00", "fe d0", "ff f8", "ff d8", "ff e8", "8c f0", "8e c8", "0f 00 f0", "0f ba c0 00",
		"0f c7 c8", "0f 01 d2", "c4 e2 78 f3 c0",       /* holes in groups */
		"d9 d1", "d9 e2", "d9 ef", "da e8", "db e5", "de d8", "df e1", /* x87 */
		"0f 0f c8 00",                                  /* 3DNow! */
		"66 e8", "66 e9", "66 0f 84", "66 f2 e8",       /* Intel and AMD differ */
		"66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", "66 66 66 66 66 66 66 66 66 66 66 01 04 8d 25",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(invalid); i++) {
		unsigned char bytes[2 * INSN_MAX] = { 0 };
		struct insn insn;

		from_hex(invalid[i], bytes);
		if (decode(&arch_x86_64, bytes, sizeof bytes, &insn))
			fail_msg("%s: accepted, %u bytes", invalid[i], insn.length);
	}
}

/* ---- Encoding ------------------------------------------------------------------- */

static const struct edit edits[] = {
	{ "leaq", "48 8d 3d f9 0f 00 00", 0x200718, "48 8d 3d 11 f7 df ff" },
	{ "leaq", "4c 8d 25 f9 0f 00 00", 0x80401006, "4c 8d 25 ff ff ff 7f" },
	{ "leaq", "48 8d 3d f9 0f 00 00", 0x80401007, NULL },
	{ "leaq", "48 8d 3d f9 0f 00 00", 0xffffffff80401007, "48 8d 3d 00 00 00 80" },
	{ "leaq", "48 8d 3d f9 0f 00 00", 0xffffffff80401006, NULL },
	{ "leal", "8d 05 10 00 00 00", 0x401106, "8d 05 00 01 00 00" },
	{ "leal", "8d 05 10 00 00 00", 0xffffffff80401006, NULL },
	{ "leaq (%eip)", "67 48 8d 05 10 00 00 00", 0x401010, NULL },
	{ "leaq 0x18(%rax)", "48 8d 80 18 00 00 00", 0x18, NULL },
	{ "leaq 0x18", "48 8d 04 25 18 00 00 00", 0x20, NULL },
	{ "movl", "41 bc 18 07 20 00", 0xffffffff, "41 bc ff ff ff ff" },
	{ "movl", "bf 18 07 20 00", 0x100000000, NULL },
	{ "movl", "c7 c1 18 07 20 00", 0xfffffff0, "c7 c1 f0 ff ff ff" },
	{ "movl", "c7 c1 18 07 20 00", 0x100000000, NULL },
	{ "movq", "48 c7 c1 18 07 20 00", 0x7fffffff, "48 c7 c1 ff ff ff 7f" },
	{ "movq", "48 c7 c1 18 07 20 00", 0x80000000, NULL },
	{ "movq to memory", "48 c7 44 24 08 18 07 20 00", 0x200730, "48 c7 44 24 08 30 07 20 00" },
	{ "movabsq", "49 b9 f0 de bc 9a 78 56 34 12", 0x1122334455667788,
	  "49 b9 88 77 66 55 44 33 22 11" },
	{ "movw", "66 b8 18 00", 0x20, NULL },
	{ "movb", "b0 18", 0x20, NULL },
	{ "movb", "c6 c0 18", 0x20, NULL },
	{ "xbegin", "c7 f8 00 01 00 00", 0x20, NULL },
	{ "cmpq %rax", "48 3d 18 07 20 00", 0x7fffffff, "48 3d ff ff ff 7f" },
	{ "cmpq %rax", "48 3d 18 07 20 00", 0x80000000, NULL },
	{ "cmpq", "49 81 fd 18 07 20 00", 0x200730, "49 81 fd 30 07 20 00" },
	{ "cmpq", "49 81 fd 18 07 20 00", 0x80000000, NULL },
	{ "cmpq imm8", "49 83 fd 18", 0x20, NULL },
	{ "cmpw", "66 81 fd 18 07", 0x20, NULL },
	{ "addq", "49 81 c5 18 07 20 00", 0x200730, NULL },
	{ "pushq", "68 18 07 20 00", 0x200730, NULL },
	{ "movq (%rip)", "48 8b 05 00 10 00 00", 0x402007, NULL },
	{ "call", "e8 00 01 00 00", 0x401105, NULL },
	{ "movups", "0f 10 05 00 01 00 00", 0x401107, NULL },
};

static void encodes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(edits); i++)
		check_edit(&arch_x86_64, &edits[i]);
}

/* ---- The tables ----------------------------------------------------------------- */

static void check_opcode(struct opcode o, int map, int opcode)
{
	if (strchr(".p-mlMRcgikNIKnqbwzveofjJ", (int)o.form) == NULL || o.form == 0)
		fail_msg("map %d, opcode %02x: form %d", map, (unsigned)opcode, (int)o.form);
	if (strchr("-EeGgBbXxOoQVWSYNTFACDLPJZHUKsdma", (int)o.writes) == NULL || o.writes == 0)
		fail_msg("map %d, opcode %02x: writes %d", map, (unsigned)opcode, (int)o.writes);
	if (o.prefixes > 15)
		fail_msg("map %d, opcode %02x: prefixes %d", map, (unsigned)opcode, o.prefixes);
}

/* Every cell has one of the known characters in each place: no row is short or shifted. */
static void opcode_maps_are_well_formed(void **state)
{
	(void)state;
	for (int map = 0; map < MAP_COUNT; map++) {
		for (int opcode = 0; opcode < 256; opcode++) {
			struct opcode o = x86_opcode((enum opcode_map)map, (uint8_t)opcode);
			int members = 0;

			check_opcode(o, map, opcode);
			for (int modrm = 0; o.form == FORM_GROUP && modrm < 256; modrm++) {
				int of = map == MAP_ONE_32 ? MAP_ONE : map; /* both modes' */

				o = x86_group((enum opcode_map)of, (uint8_t)opcode, (uint8_t)modrm);
				check_opcode(o, map, opcode);
				members += o.form != FORM_INVALID;
				o.form = FORM_GROUP;
			}
			assert_true(o.form != FORM_GROUP || members != 0);
		}
	}
}

#define TYPE(name) { name, #name }

/* The names and numbers are those of the C library's <elf.h>. */
static void relocations_are_named_as_elsewhere(void **state)
{
	static const struct reloc_name expected[] = {
		TYPE(R_X86_64_NONE), TYPE(R_X86_64_64), TYPE(R_X86_64_PC32), TYPE(R_X86_64_GOT32),
		TYPE(R_X86_64_PLT32), TYPE(R_X86_64_COPY), TYPE(R_X86_64_GLOB_DAT),
		TYPE(R_X86_64_JUMP_SLOT), TYPE(R_X86_64_RELATIVE), TYPE(R_X86_64_GOTPCREL),
		TYPE(R_X86_64_32), TYPE(R_X86_64_32S), TYPE(R_X86_64_16), TYPE(R_X86_64_PC16),
		TYPE(R_X86_64_8), TYPE(R_X86_64_PC8), TYPE(R_X86_64_DTPMOD64),
		TYPE(R_X86_64_DTPOFF64), TYPE(R_X86_64_TPOFF64), TYPE(R_X86_64_TLSGD),
		TYPE(R_X86_64_TLSLD), TYPE(R_X86_64_DTPOFF32), TYPE(R_X86_64_GOTTPOFF),
		TYPE(R_X86_64_TPOFF32), TYPE(R_X86_64_PC64), TYPE(R_X86_64_GOTOFF64),
		TYPE(R_X86_64_GOTPC32), TYPE(R_X86_64_GOT64), TYPE(R_X86_64_GOTPCREL64),
		TYPE(R_X86_64_GOTPC64), TYPE(R_X86_64_GOTPLT64), TYPE(R_X86_64_PLTOFF64),
		TYPE(R_X86_64_SIZE32), TYPE(R_X86_64_SIZE64), TYPE(R_X86_64_GOTPC32_TLSDESC),
		TYPE(R_X86_64_TLSDESC_CALL), TYPE(R_X86_64_TLSDESC), TYPE(R_X86_64_IRELATIVE),
		TYPE(R_X86_64_RELATIVE64), TYPE(R_X86_64_GOTPCRELX), TYPE(R_X86_64_REX_GOTPCRELX),
	};

	(void)state;
	assert_true(arch_x86_64.name_count >= COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		assert_int_equal(arch_x86_64.names[i].type, expected[i].type);
		assert_string_equal(arch_x86_64.names[i].name, expected[i].name);
	}
	for (size_t i = 1; i < arch_x86_64.name_count; i++)
		assert_true(arch_x86_64.names[i - 1].type < arch_x86_64.names[i].type);
}

static void machine_is_x86_64(void **state)
{
	(void)state;
	assert_int_equal(arch_x86_64.machine, EM_X86_64);
	assert_int_equal(arch_x86_64.none, R_X86_64_NONE);
	assert_int_equal(arch_x86_64.absolute, R_X86_64_64);
	assert_int_equal(arch_x86_64.glob_dat, R_X86_64_GLOB_DAT);
	assert_int_equal(arch_x86_64.jump_slot, R_X86_64_JUMP_SLOT);
	assert_int_equal(arch_x86_64.relative, R_X86_64_RELATIVE);
	assert_int_equal(arch_x86_64.irelative, R_X86_64_IRELATIVE);
	assert_string_equal(reg_name(&arch_x86_64, arch_x86_64.stack_pointer), "rsp");
	assert_string_equal(reg_name(&arch_x86_64, arch_x86_64.frame_pointer), "rbp");
	assert_int_equal(arch_x86_64.caller_saved, 0x0fc7);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_moves),
		cmocka_unit_test(decodes_addresses),
		cmocka_unit_test(decodes_sums),
		cmocka_unit_test(decodes_compares),
		cmocka_unit_test(decodes_flow),
		cmocka_unit_test(decodes_clobbers),
		cmocka_unit_test(decodes_encodings),
		cmocka_unit_test(rejects),
		cmocka_unit_test(encodes),
		cmocka_unit_test(opcode_maps_are_well_formed),
		cmocka_unit_test(relocations_are_named_as_elsewhere),
		cmocka_unit_test(machine_is_x86_64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
