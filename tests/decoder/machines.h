/* SPDX-License-Identifier: MIT */
/*
 * What census.cpp must know of each machine: how LLVM names it and its registers, and what LLVM
 * does not say of an instruction, or says otherwise than struct insn means it. A machine is a row.
 */
#ifndef CENSUS_MACHINES_H
#define CENSUS_MACHINES_H

#include <cstdint>
#include <vector>

namespace {

/** LLVM's name of a register, and its number in struct insn. "X#" stands for X0, X1, ... */
struct Register {
	const char *name;
	unsigned number; /* added to the one in the name */
};

/** What an Exception says of what runs next, besides enum insn_flow. */
enum {
	AS_SAID = -1,  /* as LLVM says */
	PREFIX = -2,   /* it is no instruction: a part of the next one, or not for user programs */
	OPERANDS = -3, /* its operands say it, which is not compared */
};

/** What LLVM does not say of an instruction, or otherwise than struct insn means it. */
struct Exception {
	const char *name;     /* LLVM's of the instruction */
	int flow;             /* of enum insn_flow, or one of the above */
	unsigned results = 0; /* so many operands, from the first on, are results */
	uint64_t writes = 0;  /* and registers that LLVM does not name */
	uint64_t keeps = 0;   /* registers that LLVM names, but that stay as they are */
	const char *text = nullptr; /* only where LLVM prints it so */
};

/** A machine, or one of the states of its processor. */
struct Machine {
	const char *name;           /* struct arch's */
	const char *mark = nullptr; /* mapping symbols that begin so say that such code follows */
	uint64_t state = 0;         /* of arch.state_bits: set in the addresses of such code */
	const char *triple;
	const char *cpu = "";       /* which has every extension, where no feature stands for all */
	const char *features = "";
	std::vector<Register> registers;
	uint64_t unreported = 0;    /* registers that no effect names: the stack pointer, zero */
	bool exact = false;         /* the decoder must not name more registers than LLVM */
	bool relative = false;      /* LLVM's operand of a branch is the distance */
	unsigned step = 0;          /* instructions start at multiples of it; 0: arch.code_alignment */

	/* What LLVM does not say of jumps through registers. */
	unsigned pc = 0;               /* who writes this register jumps or returns; 0: there is none */
	std::vector<const char *> jumpers = {}; /* how the names of those begin that may do so */
	const char *returns = nullptr; /* jumps to this register return */
	const char *nowhere = nullptr; /* branches to this register, or to none, do not branch */

	std::vector<Exception> exceptions;
};

/** Prefixes that LLVM takes for instructions, and traps. */
const std::vector<Exception> x86Exceptions = {
	{"UD1Lm", FLOW_END}, {"UD1Lr", FLOW_END}, {"UD1Qm", FLOW_END}, {"UD1Qr", FLOW_END},
	{"UD1Wm", FLOW_END}, {"UD1Wr", FLOW_END}, {"HLT", FLOW_END}, {"INT3", FLOW_END},
	{"LOCK_PREFIX", PREFIX}, {"REP_PREFIX", PREFIX}, {"REPNE_PREFIX", PREFIX},
	{"DATA16_PREFIX", PREFIX}, {"XACQUIRE_PREFIX", PREFIX}, {"XRELEASE_PREFIX", PREFIX},
	{"CWD", AS_SAID, 0, 0, 1}, {"CDQ", AS_SAID, 0, 0, 1}, {"CQO", AS_SAID, 0, 0, 1},
};

const char *const armFeatures = "+neon,+fp-armv8,+crypto,+crc,+dotprod,+fullfp16,+fp16fml,+bf16,"
                                "+i8mm,+hwdiv,+hwdiv-arm,+mp,+virtualization,+trustzone,+ras,+sb";

const std::vector<Register> armRegisters = {{"R#", 0}, {"SP", 13}, {"LR", 14}, {"PC", 15}};

const std::vector<Exception> armExceptions = {
	{"SVC", FLOW_NEXT, 0, 1}, {"tSVC", FLOW_NEXT, 0, 1}, /* Linux returns in r0 */
	{"UDF", FLOW_END}, {"tUDF", FLOW_END}, {"t2UDF", FLOW_END}, {"BKPT", FLOW_END},
	{"tBKPT", FLOW_END}, {"HLT", FLOW_END}, {"tHLT", FLOW_END}, {"t__brkdiv0", FLOW_END},
	{"BXJ", FLOW_JUMP},
	{"HVC", FLOW_NEXT}, {"t2HVC", FLOW_NEXT}, {"t2SMC", FLOW_NEXT}, {"SMC", FLOW_NEXT},
	{"RFEDA", FLOW_END}, {"RFEDB", FLOW_END}, {"RFEIA", FLOW_END}, {"RFEIB", FLOW_END},
	{"RFEDA_UPD", FLOW_END}, {"RFEDB_UPD", FLOW_END}, {"RFEIA_UPD", FLOW_END},
	{"RFEIB_UPD", FLOW_END}, {"t2RFEDB", FLOW_END}, {"t2RFEDBW", FLOW_END},
	{"t2RFEIA", FLOW_END}, {"t2RFEIAW", FLOW_END},
	/* of the registers of another mode, or an exception's return */
	{"sysLDMIA", PREFIX}, {"sysLDMIB", PREFIX}, {"sysLDMDA", PREFIX}, {"sysLDMDB", PREFIX},
	{"sysLDMIA_UPD", PREFIX}, {"sysLDMIB_UPD", PREFIX}, {"sysLDMDA_UPD", PREFIX},
	{"sysLDMDB_UPD", PREFIX},
};

const std::vector<const char *> armJumpers = {
	"ADC", "ADD", "AND", "BIC", "EOR", "LDM", "LDR_", "LDRi", "LDRr", "MOV", "MVN", "ORR", "RSB",
	"RSC", "SBC", "SUB", "t2LDM", "t2LDR_", "t2LDRi", "t2LDRp", "t2LDRs", "tADD", "tMOV", "tPOP",
};

const std::vector<Exception> s390xExceptions = {
	{"SVC", FLOW_NEXT, 0, 1 << 2},
	/* not for user programs: they occur only in data */
	{"BSA", PREFIX}, {"BSG", PREFIX}, {"CFC", PREFIX}, {"CSP", PREFIX}, {"CSPG", PREFIX},
	{"ECPGA", PREFIX}, {"EPAR", PREFIX}, {"ESAR", PREFIX}, {"ESTA", PREFIX}, {"IAC", PREFIX},
	{"ISKE", PREFIX}, {"IVSK", PREFIX}, {"LURA", PREFIX}, {"PFMF", PREFIX}, {"TB", PREFIX},
	{"DIAG", PREFIX}, {"LCTL", PREFIX}, {"LPSW", PREFIX},
	{"LPTEA", PREFIX}, {"LRA", PREFIX}, {"MC", PREFIX}, {"QPACI", PREFIX}, {"SIGP", PREFIX},
	{"SSM", PREFIX}, {"STCTL", PREFIX}, {"STNSM", PREFIX}, {"STOSM", PREFIX},
	{"STSI", PREFIX}, {"UPT", PREFIX},
	/* with a mask that means never or always */
	{"BICAsm", PREFIX}, {"CGIBAsm", PREFIX}, {"CGIJAsm", PREFIX}, {"CGRBAsm", PREFIX},
	{"CGRJAsm", PREFIX}, {"CIBAsm", PREFIX}, {"CIJAsm", PREFIX}, {"CLGIBAsm", PREFIX},
	{"CLGIJAsm", PREFIX}, {"CLGRBAsm", PREFIX}, {"CLGRJAsm", PREFIX}, {"CLIBAsm", PREFIX},
	{"CLIJAsm", PREFIX}, {"CLRBAsm", PREFIX}, {"CLRJAsm", PREFIX}, {"CRBAsm", PREFIX},
	{"CRJAsm", PREFIX},
};

/*
 * What stands in operands: that bcl 20,31 is no call, that a trap always traps, that gBC always
 * branches, and what gBC and gBCLR do with CTR. Of absolute branches, which only data looks like,
 * LLVM does not tell the target.
 */
const std::vector<Exception> powerExceptions = {
	{"ATTN", FLOW_END}, {"TWI", OPERANDS}, {"TDI", OPERANDS}, {"TW", OPERANDS}, {"TD", OPERANDS},
	{"BA", OPERANDS}, {"BLA", OPERANDS}, {"gBCA", OPERANDS, 0, 0, UINT64_C(1) << 33},
	{"gBCLA", OPERANDS, 0, 0, UINT64_C(1) << 33},
	{"gBCL", OPERANDS, 0, 0, UINT64_C(1) << 33},
	{"gBC", OPERANDS, 0, 0, UINT64_C(1) << 33}, {"gBCLR", AS_SAID, 0, 0, UINT64_C(1) << 33},
};

const Machine machines[] = {
	{.name = "x86-64", .triple = "x86_64-linux-gnu",
	 .registers = {{"RAX", 0}, {"RCX", 1}, {"RDX", 2}, {"RBX", 3}, {"RSP", 4}, {"RBP", 5},
	               {"RSI", 6}, {"RDI", 7}, {"R#", 0}},
	 .unreported = 1 << 4, .exceptions = x86Exceptions},
	{.name = "AArch64", .mark = "$x", .triple = "aarch64-linux-gnu", .features = "+all",
	 .registers = {{"W#", 0}}, .exact = true,
	 .exceptions = {{"BRK", FLOW_END}, {"HLT", FLOW_END}, {"UDF", FLOW_END},
	                {"SVC", AS_SAID, 0, 1}, /* Linux returns in x0 */
	                {"SYSLxt", AS_SAID, 1}}},
	{.name = "riscv64", .mark = "$x", .triple = "riscv64-linux-gnu",
	 .features = "+m,+a,+f,+d,+c,+v,+h,+zba,+zbb,+zbc,+zbs,+zbkb,+zbkc,+zbkx,+zicond,+zcb,+zfa,"
	             "+zfh,+zfbfmin,+zacas,+zabha,+zawrs,+zalasr,+zimop,+zcmop,+zknd,+zkne,+zknh,"
	             "+zksed,+zksh,+zvbb,+zvbc,+zvkg,+zvkned,+zvknhb,+zvksed,+zvksh,+zvfh,+zvfbfmin,"
	             "+zvfbfwma,+zicbom,+zicbop,+zicboz,+svinval,+experimental-zicfilp,"
	             "+experimental-zicfiss,+smrnmi,+xtheadba,+xtheadbb,+xtheadbs,+xtheadcondmov,"
	             "+xtheadmac,+xtheadmemidx,+xtheadmempair,+xtheadcmo,+xtheadsync",
	 .registers = {{"X#", 0}}, .unreported = 1 << 0 | 1 << 2,
	 .exceptions = {{"EBREAK", FLOW_END}, {"C_EBREAK", FLOW_END}, {"C_UNIMP", FLOW_END},
	                {"CSRRW", FLOW_END, 0, 0, 0, "\tunimp"}, {"DRET", FLOW_END}}},
	{.name = "i386", .triple = "i386-linux-gnu",
	 .registers = {{"EAX", 0}, {"ECX", 1}, {"EDX", 2}, {"EBX", 3}, {"ESP", 4}, {"EBP", 5},
	               {"ESI", 6}, {"EDI", 7}},
	 .unreported = 1 << 4, .exceptions = x86Exceptions},
	{.name = "Arm", .mark = "$t", .state = 1, .triple = "thumbv8a-linux-gnueabihf",
	 .features = armFeatures, .registers = armRegisters, .unreported = 1 << 13, .pc = 15,
	 .jumpers = armJumpers, .exceptions = armExceptions},
	{.name = "Arm", .mark = "$a", .triple = "armv8a-linux-gnueabihf", .features = armFeatures,
	 .registers = armRegisters, .unreported = 1 << 13, .step = 4, .pc = 15,
	 .jumpers = armJumpers, .exceptions = armExceptions},
	{.name = "s390x", .triple = "s390x-linux-gnu", .cpu = "arch15", .registers = {{"R#D", 0}},
	 .unreported = 1 << 15, .relative = true, .returns = "R14D", .nowhere = "R0D",
	 .exceptions = s390xExceptions},
	{.name = "ppc64le", .triple = "powerpc64le-linux-gnu",
	 .registers = {{"X#", 0}, {"LR8", 32}, {"CTR8", 33}}, .unreported = 1 << 1,
	 .exceptions = powerExceptions},
	{.name = "loongarch64", .triple = "loongarch64-linux-gnu",
	 .features = "+64bit,+f,+d,+ual,+lsx,+lasx,+lbt,+lvz,+frecipe,+lam-bh,+lamcas,+ld-seq-sa,"
	             "+div32,+scq",
	 .registers = {{"R#", 0}}, .unreported = 1 << 0 | 1 << 3,
	 .exceptions = {{"BREAK", FLOW_END}, {"ERTN", FLOW_END}, {"JISCR0", FLOW_JUMP},
	                {"JISCR1", FLOW_JUMP}}},
	{.name = "powerpc", .triple = "powerpc-linux-gnu",
	 .registers = {{"R#", 0}, {"LR", 32}, {"CTR", 33}}, .unreported = 1 << 1,
	 .exceptions = powerExceptions},
};

} // namespace

#endif
