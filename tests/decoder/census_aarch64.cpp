/* SPDX-License-Identifier: MIT */
/*
 * Compares the AArch64 decoder with LLVM's, instruction by instruction: what runs
 * next, where a branch goes, and exactly which general registers are written.
 *
 *   census_aarch64 FILE...       every instruction in the executable sections of ELF
 *                                files and of the members of archives
 *   census_aarch64 --words=STEP  every STEP-th of the 2^32 words, from 0
 *
 * LLVM, with every extension on, decides what is an instruction; data between functions
 * and words whose effect is unpredictable are passed over.
 *
 * One line a file: instructions compared, differences; before it, one example of each
 * kind of difference. Exit status 1 on any difference, 2 when a file could not be read or
 * held nothing to compare.
 */
extern "C" {
#include "../../src/arch/arch.h"
}

#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInst.h>
#include <llvm/MC/MCInstPrinter.h>
#include <llvm/MC/MCInstrAnalysis.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Object/Archive.h>
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace {

/** What the two decoders are asked about one instruction. */
struct Verdict {
	insn_flow flow = FLOW_NEXT;
	std::optional<uint64_t> target; /* of a branch, or the address that adr, adrp, ldr form */
	uint32_t written = 0;

	bool operator==(const Verdict &other) const
	{
		return flow == other.flow && target == other.target && written == other.written;
	}
};

bool goesSomewhere(insn_flow flow)
{
	return flow == FLOW_BRANCH || flow == FLOW_JUMP || flow == FLOW_CALL;
}

/** LLVM's view of an instruction. */
class Judge {
public:
	Judge();
	std::optional<Verdict> decode(llvm::ArrayRef<uint8_t> code, uint64_t address);
	std::string name(llvm::ArrayRef<uint8_t> code, uint64_t address);
	std::string text(llvm::ArrayRef<uint8_t> code, uint64_t address);

private:
	insn_flow flow(const llvm::MCInst &inst) const;
	bool namesAddress(const llvm::MCInst &inst) const;
	uint32_t written(const llvm::MCInst &inst) const;
	void indexRegisters();

	std::unique_ptr<llvm::MCRegisterInfo> registers;
	std::unique_ptr<llvm::MCAsmInfo> asmInfo;
	std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
	std::unique_ptr<llvm::MCInstrInfo> instructions;
	std::unique_ptr<llvm::MCContext> context;
	std::unique_ptr<llvm::MCDisassembler> disassembler;
	std::unique_ptr<llvm::MCInstrAnalysis> analysis;
	std::unique_ptr<llvm::MCInstPrinter> printer;
	std::map<unsigned, uint32_t> generalRegisters; /* LLVM's number: the bits it stands for */
};

Judge::Judge()
{
	llvm::Triple triple("aarch64-linux-gnu");
	std::string error;

	LLVMInitializeAArch64TargetInfo();
	LLVMInitializeAArch64TargetMC();
	LLVMInitializeAArch64Disassembler();
	const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
	if (target == nullptr) {
		std::fprintf(stderr, "census_aarch64: %s\n", error.c_str());
		std::exit(2);
	}
	registers.reset(target->createMCRegInfo(triple));
	asmInfo.reset(target->createMCAsmInfo(*registers, triple, llvm::MCTargetOptions()));
	subtarget.reset(target->createMCSubtargetInfo(triple, "", "+all"));
	instructions.reset(target->createMCInstrInfo());
	context = std::make_unique<llvm::MCContext>(triple, asmInfo.get(), registers.get(),
	                                            subtarget.get());
	disassembler.reset(target->createMCDisassembler(*subtarget, *context));
	analysis.reset(target->createMCInstrAnalysis(instructions.get()));
	printer.reset(target->createMCInstPrinter(triple, asmInfo->getAssemblerDialect(), *asmInfo,
	                                          *instructions, *registers));
	indexRegisters();
}

/* A sequence such as X0_X1 stands for all the W registers that it is made of. */
void Judge::indexRegisters()
{
	for (unsigned reg = 1; reg < registers->getNumRegs(); reg++) {
		uint32_t bits = 0;
		for (llvm::MCPhysReg sub : registers->subregs_inclusive(reg)) {
			llvm::StringRef name = registers->getName(sub);
			unsigned number;
			if (name.consume_front("W") && !name.getAsInteger(10, number))
				bits |= UINT32_C(1) << number;
		}
		generalRegisters[reg] = bits;
	}
}

insn_flow Judge::flow(const llvm::MCInst &inst) const
{
	const llvm::MCInstrDesc &desc = instructions->get(inst.getOpcode());
	llvm::StringRef name = instructions->getName(inst.getOpcode());

	/* LLVM does not say of these that nothing runs after them. */
	if (name == "BRK" || name == "HLT" || name == "UDF")
		return FLOW_END;
	if (desc.isReturn())
		return FLOW_END;
	if (desc.isCall())
		return FLOW_CALL;
	if (desc.isConditionalBranch())
		return FLOW_BRANCH;
	if (desc.isUnconditionalBranch() || desc.isIndirectBranch())
		return FLOW_JUMP;
	return FLOW_NEXT;
}

/* adr, adrp and the literal loads; not prfm, and not the loads of SIMD registers. */
bool Judge::namesAddress(const llvm::MCInst &inst) const
{
	return instructions->get(inst.getOpcode()).getNumDefs() != 0 && written(inst) != 0;
}

uint32_t Judge::written(const llvm::MCInst &inst) const
{
	const llvm::MCInstrDesc &desc = instructions->get(inst.getOpcode());
	uint32_t bits = 0;

	for (unsigned i = 0; i < desc.getNumDefs(); i++)
		if (inst.getOperand(i).isReg())
			bits |= generalRegisters.at(inst.getOperand(i).getReg());
	for (llvm::MCPhysReg reg : desc.implicit_defs())
		bits |= generalRegisters.at(reg);
	/* Linux returns in x0; to LLVM this is no matter of the instruction. */
	if (instructions->getName(inst.getOpcode()) == "SVC")
		bits |= 1;
	/* LLVM lists the result of sysl among its inputs. */
	if (instructions->getName(inst.getOpcode()) == "SYSLxt")
		bits |= generalRegisters.at(inst.getOperand(0).getReg());
	return bits;
}

std::optional<Verdict> Judge::decode(llvm::ArrayRef<uint8_t> code, uint64_t address)
{
	llvm::MCInst inst;
	uint64_t size = 0;
	uint64_t target = 0;

	if (disassembler->getInstruction(inst, size, code, address, llvm::nulls()) !=
	    llvm::MCDisassembler::Success)
		return std::nullopt;
	Verdict verdict;
	verdict.flow = flow(inst);
	verdict.written = written(inst);
	if (goesSomewhere(verdict.flow) || namesAddress(inst))
		if (analysis->evaluateBranch(inst, address, size, target))
			verdict.target = target;
	return verdict;
}

std::string Judge::name(llvm::ArrayRef<uint8_t> code, uint64_t address)
{
	llvm::MCInst inst;
	uint64_t size = 0;

	disassembler->getInstruction(inst, size, code, address, llvm::nulls());
	return instructions->getName(inst.getOpcode()).str();
}

std::string Judge::text(llvm::ArrayRef<uint8_t> code, uint64_t address)
{
	llvm::MCInst inst;
	uint64_t size = 0;
	std::string out;
	llvm::raw_string_ostream stream(out);

	disassembler->getInstruction(inst, size, code, address, llvm::nulls());
	printer->printInst(&inst, address, "", *subtarget, stream);
	return out;
}

/** The address that the first effect forms or reads. */
std::optional<uint64_t> namedAddress(const insn &insn)
{
	const operand &a = insn.effects[0].a;

	if (a.kind == OPERAND_CONST || (a.kind == OPERAND_MEMORY && a.reg == REG_NONE))
		return a.value;
	return std::nullopt;
}

/** The verdict of the decoder under test, or nothing when it refuses the word. */
std::optional<Verdict> ours(llvm::ArrayRef<uint8_t> code, uint64_t address, bool namesAddress)
{
	insn insn;

	if (!arch_aarch64.decode({code.data(), code.size()}, address, &insn) || insn.length != 4)
		return std::nullopt;
	Verdict verdict;
	verdict.flow = insn.flow;
	if (insn.has_target)
		verdict.target = insn.target;
	else if (namesAddress)
		verdict.target = namedAddress(insn);
	verdict.written = insn.clobbers;
	for (const effect &effect : insn.effects)
		if (effect.kind != EFFECT_NONE && effect.dst.kind == OPERAND_REG)
			verdict.written |= UINT32_C(1) << effect.dst.reg;
	return verdict;
}

void show(const char *who, const std::optional<Verdict> &verdict)
{
	static const char *const flows[] = {"next", "branch", "jump", "call", "end"};

	if (!verdict) {
		std::printf("    %s: no instruction\n", who);
		return;
	}
	std::printf("    %s: %s, writes 0x%08" PRIx32, who, flows[verdict->flow], verdict->written);
	if (verdict->target)
		std::printf(", target 0x%" PRIx64, *verdict->target);
	std::printf("\n");
}

/** Counts one file, or one run over the words. */
struct Census {
	explicit Census(Judge &j) : judge(j) {}

	Judge &judge;
	uint64_t instructions = 0;
	uint64_t differences = 0;
	bool unreadable = false;
	std::set<std::string> shown; /* LLVM's names: one example of each is enough */

	void compare(llvm::ArrayRef<uint8_t> code, uint64_t address);
	void section(llvm::ArrayRef<uint8_t> contents, uint64_t address);
	void object(const llvm::object::ObjectFile &file);
	void archive(const llvm::object::Archive &archive);
	void fail(llvm::Error error);
	int finish(const std::string &name) const;
};

void Census::fail(llvm::Error error)
{
	llvm::errs() << "census_aarch64: " << error << "\n";
	llvm::consumeError(std::move(error));
	unreadable = true;
}

void Census::compare(llvm::ArrayRef<uint8_t> code, uint64_t address)
{
	std::optional<Verdict> expected = judge.decode(code, address);
	if (!expected)
		return;
	instructions++;
	std::optional<Verdict> actual = ours(code, address, expected->target.has_value());
	if (actual && *actual == *expected)
		return;
	differences++;
	if (!shown.insert(judge.name(code, address)).second)
		return;
	std::printf("  0x%" PRIx64 ": %08x %s\n", address,
	            llvm::support::endian::read32le(code.data()),
	            judge.text(code, address).c_str());
	show("LLVM", expected);
	show("ours", actual);
}

void Census::section(llvm::ArrayRef<uint8_t> contents, uint64_t address)
{
	for (size_t at = 0; at + 4 <= contents.size(); at += 4)
		compare(contents.slice(at, 4), address + at);
}

void Census::object(const llvm::object::ObjectFile &file)
{
	if (file.getArch() != llvm::Triple::aarch64)
		return;
	for (const llvm::object::SectionRef &part : file.sections()) {
		if (!part.isText())
			continue;
		if (llvm::Expected<llvm::StringRef> contents = part.getContents())
			section(llvm::arrayRefFromStringRef(*contents), part.getAddress());
		else
			fail(contents.takeError());
	}
}

void Census::archive(const llvm::object::Archive &archive)
{
	llvm::Error error = llvm::Error::success();

	for (const llvm::object::Archive::Child &child : archive.children(error)) {
		llvm::Expected<std::unique_ptr<llvm::object::Binary>> member = child.getAsBinary();
		if (!member)
			fail(member.takeError());
		else if (auto *file = llvm::dyn_cast<llvm::object::ObjectFile>(member->get()))
			object(*file);
	}
	if (error)
		fail(std::move(error));
}

/* The exit status of this file. */
int Census::finish(const std::string &name) const
{
	std::printf("%s: %" PRIu64 " instructions, %" PRIu64 " differences\n", name.c_str(),
	            instructions, differences);
	if (unreadable || instructions == 0)
		return 2;
	return differences == 0 ? 0 : 1;
}

int compareFile(Judge &judge, const std::string &path)
{
	Census census(judge);
	llvm::Expected<llvm::object::OwningBinary<llvm::object::Binary>> binary =
	        llvm::object::createBinary(path);

	if (!binary)
		census.fail(binary.takeError());
	else if (auto *archive = llvm::dyn_cast<llvm::object::Archive>(binary->getBinary()))
		census.archive(*archive);
	else if (auto *file = llvm::dyn_cast<llvm::object::ObjectFile>(binary->getBinary()))
		census.object(*file);
	return census.finish(path);
}

int compareWords(Judge &judge, uint64_t step)
{
	Census census(judge);
	uint8_t code[4];

	for (uint64_t word = 0; word <= UINT32_MAX; word += step) {
		llvm::support::endian::write32le(code, static_cast<uint32_t>(word));
		census.compare(code, UINT64_C(0x10000000));
	}
	return census.finish("every " + std::to_string(step) + "th word");
}

} // namespace

int main(int argc, char **argv)
{
	Judge judge;
	int status = 0;

	if (argc < 2) {
		std::fprintf(stderr, "usage: census_aarch64 --words=STEP | FILE...\n");
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		llvm::StringRef argument = argv[i];
		uint64_t step = 0;
		if (!argument.consume_front("--words="))
			status = std::max(status, compareFile(judge, argv[i]));
		else if (!argument.getAsInteger(10, step) && step != 0)
			status = std::max(status, compareWords(judge, step));
		else
			status = 2;
	}
	return status;
}
