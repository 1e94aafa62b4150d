/* SPDX-License-Identifier: MIT */
/*
 * Compares the decoder of any machine with LLVM's, instruction by instruction: how long it is,
 * what runs next, where a branch goes, and which general registers are written.
 *
 *   census FILE...                    every instruction in the executable sections of ELF
 *                                     files and of the members of archives
 *   census --words=NAME/STEP          every STEP-th of the 2^32 words, of machine NAME,
 *                                     with bytes behind it that nothing chose
 *   census --state=MARK FILE...       where no mapping symbols say it, code is of the row
 *                                     with this MARK ("$t" or "$a" on Arm)
 *
 * A machine is a row of machines.h. LLVM, with every extension on, decides what is an
 * instruction; data between functions and words whose effect is unpredictable are passed over.
 *
 * One line a file: instructions compared, differences, and instructions for which the decoder
 * names more registers than LLVM, which is only dear; before it, one example of each kind of
 * difference. Exit status 1 on any difference, 2 when a file could not be read or held nothing
 * to compare.
 */
extern "C" {
#include "../../src/arch/arch.h"
}

#include "machines.h"

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
#include <vector>

namespace {

/* ---- LLVM's view ---------------------------------------------------------------------------- */

/** What the two decoders are asked about one instruction. */
struct Verdict {
	uint64_t length = 0;
	insn_flow flow = FLOW_NEXT;
	bool unsaid = false;            /* flow and target are not known */
	std::optional<uint64_t> target; /* of a branch, or the address that adr, adrp, ldr form */
	uint64_t written = 0;
};

class Judge {
public:
	explicit Judge(const Machine &row);

	/** Decodes an instruction, of which the other functions tell. False: it is none. */
	bool decode(llvm::ArrayRef<uint8_t> code, uint64_t address);
	/** Whether LLVM takes bytes for an instruction that are a part of the next one. */
	bool isPrefix() const;
	Verdict verdict() const;
	std::string name() const { return instructions->getName(inst.getOpcode()).str(); }
	std::string text() const;

private:
	const Exception *exception() const;
	bool isAlways() const;
	std::optional<insn_flow> flowViaRegister() const;
	insn_flow flow() const;
	std::optional<uint64_t> addressInOperands() const;
	std::optional<uint64_t> target(insn_flow flow, uint64_t written) const;
	uint64_t results() const;
	uint64_t written() const;
	bool isUnpredictable() const;
	void indexRegisters();

	const Machine &machine;
	std::unique_ptr<llvm::MCRegisterInfo> registers;
	std::unique_ptr<llvm::MCAsmInfo> asmInfo;
	std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
	std::unique_ptr<llvm::MCInstrInfo> instructions;
	std::unique_ptr<llvm::MCContext> context;
	std::unique_ptr<llvm::MCDisassembler> disassembler;
	std::unique_ptr<llvm::MCInstrAnalysis> analysis;
	std::unique_ptr<llvm::MCInstPrinter> printer;
	std::vector<uint64_t> generalRegisters; /* by LLVM's number: the bits it stands for */
	llvm::MCInst inst;
	uint64_t size = 0, address = 0;
};

Judge::Judge(const Machine &row) : machine(row)
{
	llvm::Triple triple(machine.triple);
	std::string error;
	const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);

	if (target == nullptr) {
		std::fprintf(stderr, "census: %s\n", error.c_str());
		std::exit(2);
	}
	registers.reset(target->createMCRegInfo(triple));
	asmInfo.reset(target->createMCAsmInfo(*registers, triple, llvm::MCTargetOptions()));
	subtarget.reset(target->createMCSubtargetInfo(triple, machine.cpu, machine.features));
	instructions.reset(target->createMCInstrInfo());
	context = std::make_unique<llvm::MCContext>(triple, asmInfo.get(), registers.get(),
	                                            subtarget.get());
	disassembler.reset(target->createMCDisassembler(*subtarget, *context));
	analysis.reset(target->createMCInstrAnalysis(instructions.get()));
	printer.reset(target->createMCInstPrinter(triple, asmInfo->getAssemblerDialect(), *asmInfo,
	                                          *instructions, *registers));
	indexRegisters();
}

/** The number of the register that LLVM calls @name, as the row says. */
std::optional<unsigned> numberOf(const Machine &machine, llvm::StringRef name)
{
	for (const Register &row : machine.registers) {
		llvm::StringRef rest = name, pattern = row.name;
		size_t hash = pattern.find('#');
		unsigned number = 0;
		if (hash == llvm::StringRef::npos ? name == pattern
		                                  : rest.consume_front(pattern.take_front(hash)) &&
		                                    rest.consume_back(pattern.drop_front(hash + 1)) &&
		                                    !rest.getAsInteger(10, number))
			return row.number + number;
	}
	return std::nullopt;
}

/* A register stands for all that it overlaps: W0 of X0, both of a pair, RAX for AL. */
void Judge::indexRegisters()
{
	generalRegisters.resize(registers->getNumRegs());
	for (unsigned reg = 1; reg < registers->getNumRegs(); reg++) {
		std::optional<unsigned> number = numberOf(machine, registers->getName(reg));
		if (!number || (machine.unreported >> *number & 1))
			continue;
		for (unsigned other = 1; other < registers->getNumRegs(); other++)
			if (registers->regsOverlap(reg, other))
				generalRegisters[other] |= UINT64_C(1) << *number;
	}
}

const Exception *Judge::exception() const
{
	for (const Exception &row : machine.exceptions)
		if (instructions->getName(inst.getOpcode()) == row.name &&
		    (row.text == nullptr || text() == row.text))
			return &row;
	return nullptr;
}

/* ---- what runs next ---- */

/** Whether Arm's condition that the instruction has is the one that always holds. */
bool Judge::isAlways() const
{
	enum { ARM_ALWAYS = 14 };
	int at = instructions->get(inst.getOpcode()).findFirstPredOperandIdx();

	return machine.pc != 0 && at >= 0 &&
	       inst.getOperand(static_cast<unsigned>(at)).getImm() == ARM_ALWAYS;
}

/** What a branch or call to a register does where the register tells; nothing: LLVM says it. */
std::optional<insn_flow> Judge::flowViaRegister() const
{
	const llvm::MCInstrDesc &desc = instructions->get(inst.getOpcode());
	unsigned count = inst.getNumOperands();

	if (machine.returns == nullptr || (!desc.isCall() && !desc.isBranch()) || count == 0 ||
	    !inst.getOperand(count - 1).isReg() ||
	    desc.operands()[count - 1].OperandType != llvm::MCOI::OPERAND_REGISTER)
		return std::nullopt;
	unsigned reg = inst.getOperand(count - 1).getReg();
	llvm::StringRef via = reg == 0 ? machine.nowhere : registers->getName(reg);
	if (via == machine.nowhere)
		return FLOW_NEXT;
	if (via == machine.returns && desc.isBarrier())
		return FLOW_END;
	return std::nullopt;
}

insn_flow Judge::flow() const
{
	const llvm::MCInstrDesc &desc = instructions->get(inst.getOpcode());

	if (const Exception *row = exception(); row != nullptr && row->flow >= 0)
		return static_cast<insn_flow>(row->flow);
	if (desc.isTrap())
		return FLOW_END;
	if (std::optional<insn_flow> via = flowViaRegister())
		return *via;
	if (analysis->isReturn(inst)) /* or a conditional one, bclr: to somewhere, or on */
		return desc.isReturn() && !desc.isBarrier() ? FLOW_BRANCH : FLOW_END;
	if (analysis->isCall(inst))
		return FLOW_CALL;
	if (analysis->isUnconditionalBranch(inst) || analysis->isIndirectBranch(inst))
		return desc.isBranch() && !desc.isBarrier() && !isAlways() ? FLOW_BRANCH : FLOW_JUMP;
	if (machine.pc != 0 && (results() >> machine.pc & 1))
		return FLOW_JUMP;
	return analysis->isBranch(inst) ? FLOW_BRANCH : FLOW_NEXT;
}

/** The operand that is an address, as LLVM has decoded it. */
std::optional<uint64_t> Judge::addressInOperands() const
{
	const llvm::MCInstrDesc &desc = instructions->get(inst.getOpcode());

	for (unsigned i = 0; i < inst.getNumOperands() && i < desc.getNumOperands(); i++)
		if (desc.operands()[i].OperandType == llvm::MCOI::OPERAND_PCREL &&
		    inst.getOperand(i).isImm())
			return static_cast<uint64_t>(inst.getOperand(i).getImm()) +
			       (machine.relative ? address : 0);
	return std::nullopt;
}

/*
 * Where a branch goes, or the address that adr, adrp or ldr form (not prfm, and not the loads of
 * SIMD registers). Where LLVM does not tell, the operand that it has decoded is the address.
 */
std::optional<uint64_t> Judge::target(insn_flow flow, uint64_t writes) const
{
	bool branches = flow == FLOW_BRANCH || flow == FLOW_JUMP || flow == FLOW_CALL;
	uint64_t out;

	if (!branches && (instructions->get(inst.getOpcode()).getNumDefs() == 0 || writes == 0))
		return std::nullopt;
	if (!branches && machine.pc != 0)
		return analysis->evaluateMemoryOperandAddress(inst, subtarget.get(), address, size);
	if (!machine.relative && analysis->evaluateBranch(inst, address, size, out))
		return out;
	return branches || machine.relative ? addressInOperands() : std::nullopt;
}

/* ---- what it writes ---- */

/** With the program counter, where that is a register. */
uint64_t Judge::results() const
{
	const llvm::MCInstrDesc &desc = instructions->get(inst.getOpcode());
	const Exception *row = exception();
	unsigned results = std::max(desc.getNumDefs(), row != nullptr ? row->results : 0);
	uint64_t bits = row != nullptr ? row->writes : 0;

	for (unsigned i = 0; i < inst.getNumOperands(); i++) {
		bool listed = desc.variadicOpsAreDefs() && i + 1 >= desc.getNumOperands(); /* ldm */
		if ((i < results || listed) && inst.getOperand(i).isReg())
			bits |= generalRegisters.at(inst.getOperand(i).getReg());
	}
	for (llvm::MCPhysReg reg : desc.implicit_defs())
		bits |= generalRegisters.at(reg);
	return row != nullptr ? bits & ~row->keeps : bits;
}

uint64_t Judge::written() const
{
	return machine.pc != 0 ? results() & ~(UINT64_C(1) << machine.pc) : results();
}

/** Whether it writes the program counter and must not. */
bool Judge::isUnpredictable() const
{
	llvm::StringRef name = instructions->getName(inst.getOpcode());

	if (machine.pc == 0 || !(results() >> machine.pc & 1) ||
	    instructions->get(inst.getOpcode()).isBranch())
		return false;
	if (name.ends_with("_UPD") && inst.getOperand(0).isReg() && /* the base register moves */
	    (generalRegisters.at(inst.getOperand(0).getReg()) >> machine.pc & 1))
		return true;
	return std::none_of(machine.jumpers.begin(), machine.jumpers.end(),
	                    [&](const char *jumper) { return name.starts_with(jumper); });
}

bool Judge::isPrefix() const
{
	const Exception *row = exception();

	return (row != nullptr && row->flow == PREFIX) || isUnpredictable();
}

bool Judge::decode(llvm::ArrayRef<uint8_t> code, uint64_t where)
{
	address = where;
	inst = llvm::MCInst();
	return disassembler->getInstruction(inst, size, code, address, llvm::nulls()) ==
	               llvm::MCDisassembler::Success &&
	       size > 0 && size <= code.size();
}

Verdict Judge::verdict() const
{
	const Exception *row = exception();
	Verdict out;

	out.length = size;
	out.flow = flow();
	out.unsaid = row != nullptr && row->flow == OPERANDS;
	out.written = written();
	out.target = target(out.flow, out.written);
	return out;
}

std::string Judge::text() const
{
	std::string out;
	llvm::raw_string_ostream stream(out);

	printer->printInst(&inst, address, "", *subtarget, stream);
	return out;
}

/* ---- the decoder under test ----------------------------------------------------------------- */

/** The address that the first effect forms or reads. */
std::optional<uint64_t> namedAddress(const insn &insn)
{
	const operand &a = insn.effects[0].a;

	if (a.kind == OPERAND_CONST || (a.kind == OPERAND_MEMORY && a.reg == REG_NONE))
		return a.value;
	return std::nullopt;
}

/** The verdict of the decoder under test, or nothing when it refuses the bytes. */
std::optional<Verdict> ours(const arch *arch, llvm::ArrayRef<uint8_t> code, uint64_t address,
                            const Verdict &expected)
{
	const arch_context context = {0x10000000};
	insn insn;
	Verdict out;

	if (!arch->decode({code.data(), code.size()}, address, &context, &insn))
		return std::nullopt;
	out.length = insn.length;
	out.flow = insn.flow;
	if (insn.has_target)
		out.target = insn.target & ~arch->state_bits;
	else if (expected.flow == FLOW_NEXT && expected.target)
		out.target = namedAddress(insn);
	out.written = insn.clobbers;
	for (const effect &effect : insn.effects)
		if (effect.kind != EFFECT_NONE && effect.dst.kind == OPERAND_REG)
			out.written |= UINT64_C(1) << effect.dst.reg;
	return out;
}

/* What jumps and what returns is not compared where it is a matter of registers. */
bool flowsAgree(const Machine &machine, const Verdict &expected, const Verdict &actual)
{
	auto leaves = [](const Verdict &verdict) {
		return verdict.flow == FLOW_END || (verdict.flow == FLOW_JUMP && !verdict.target);
	};

	return expected.flow == actual.flow ||
	       (machine.pc != 0 && leaves(expected) && leaves(actual));
}

/* Of what goes through a register LLVM tells no target, whereas `bx pc` has one. */
bool targetsAgree(const Machine &machine, const Verdict &expected, const Verdict &actual)
{
	return expected.target == actual.target || (machine.pc != 0 && !expected.target);
}

bool agree(const Machine &machine, const Verdict &expected, const Verdict &actual)
{
	uint64_t lacking = expected.written & ~actual.written;
	uint64_t surplus = actual.written & ~expected.written;

	if (!expected.unsaid && (!flowsAgree(machine, expected, actual) ||
	                         !targetsAgree(machine, expected, actual)))
		return false;
	return expected.length == actual.length && lacking == 0 &&
	       (surplus == 0 || !machine.exact) && (surplus & machine.unreported) == 0;
}

void show(const char *who, const std::optional<Verdict> &verdict)
{
	static const char *const flows[] = {"next", "branch", "jump", "call", "end"};

	if (!verdict) {
		std::printf("    %s: no instruction\n", who);
		return;
	}
	std::printf("    %s: %" PRIu64 " bytes, %s, writes 0x%08" PRIx64, who, verdict->length,
	            flows[verdict->flow], verdict->written);
	if (verdict->target)
		std::printf(", target 0x%" PRIx64, *verdict->target);
	std::printf("\n");
}

/* ---- counting ------------------------------------------------------------------------------- */

const arch *archNamed(llvm::StringRef name)
{
	for (size_t i = 0; arch_row(i) != nullptr; i++)
		if (name == arch_row(i)->name)
			return arch_row(i);
	return nullptr;
}

/** The row of @arch with this mapping symbol; of any, the first. */
const Machine *rowOf(const arch *arch, std::optional<llvm::StringRef> symbol)
{
	for (const Machine &row : machines)
		if (llvm::StringRef(row.name) == arch->name &&
		    (!symbol || (row.mark != nullptr && symbol->starts_with(row.mark))))
			return &row;
	return nullptr;
}

enum { SHOWN_MAX = 40 };

/** Counts one file, or one run over the words. */
struct Census {
	const arch *decoder = nullptr;
	std::optional<llvm::StringRef> state; /* of code without mapping symbols */
	uint64_t instructions = 0;
	uint64_t differences = 0;
	uint64_t surplus = 0;
	bool unreadable = false;
	std::set<std::string> shown; /* LLVM's names of what differs: an example each */

	uint64_t compare(const Machine &machine, llvm::ArrayRef<uint8_t> code, uint64_t address);
	void differ(Judge &judge, llvm::ArrayRef<uint8_t> code, const Verdict &expected,
	            const std::optional<Verdict> &actual, uint64_t address);
	void stretch(const Machine &machine, llvm::ArrayRef<uint8_t> code, uint64_t address);
	void section(const llvm::object::SectionRef &part, llvm::ArrayRef<uint8_t> contents,
	             const llvm::object::ObjectFile &file);
	void object(const llvm::object::ObjectFile &file);
	void archive(const llvm::object::Archive &archive);
	void fail(llvm::Error error);
	int finish(const std::string &name) const;
};

Judge &judgeOf(const Machine &machine)
{
	static std::map<const Machine *, std::unique_ptr<Judge>> judges;
	std::unique_ptr<Judge> &judge = judges[&machine];

	if (!judge)
		judge = std::make_unique<Judge>(machine);
	return *judge;
}

void Census::fail(llvm::Error error)
{
	llvm::errs() << "census: " << error << "\n";
	llvm::consumeError(std::move(error));
	unreadable = true;
}

void Census::differ(Judge &judge, llvm::ArrayRef<uint8_t> code, const Verdict &expected,
                    const std::optional<Verdict> &actual, uint64_t address)
{
	differences++;
	if (shown.size() == SHOWN_MAX || !shown.insert(judge.name()).second)
		return;
	std::printf("  0x%" PRIx64 ":", address);
	for (uint64_t i = 0; i < expected.length; i++)
		std::printf(" %02x", code[i]);
	std::printf(" %s%s\n", judge.name().c_str(), judge.text().c_str());
	show("LLVM", expected);
	show("ours", actual);
}

/** @return how many bytes the instruction has, as LLVM says, or 0. */
uint64_t Census::compare(const Machine &machine, llvm::ArrayRef<uint8_t> code, uint64_t address)
{
	Judge &judge = judgeOf(machine);

	if (!judge.decode(code, address) || judge.isPrefix())
		return 0;
	Verdict expected = judge.verdict();
	if (expected.target && !decoder->is64)
		*expected.target &= UINT32_MAX;
	std::optional<Verdict> actual = ours(decoder, code, address | machine.state, expected);
	instructions++;
	if (!actual || !agree(machine, expected, *actual))
		differ(judge, code, expected, actual, address);
	else
		surplus += (actual->written & ~expected.written) != 0;
	return expected.length;
}

void Census::stretch(const Machine &machine, llvm::ArrayRef<uint8_t> code, uint64_t address)
{
	for (uint64_t at = 0, length; at < code.size(); at += length) {
		length = compare(machine, code.drop_front(at), address + at);
		if (length == 0)
			length = machine.step != 0 ? machine.step : decoder->code_alignment;
	}
}

/** Mapping symbols tell where code of one state begins, or data ($d). */
void Census::section(const llvm::object::SectionRef &part, llvm::ArrayRef<uint8_t> contents,
                     const llvm::object::ObjectFile &file)
{
	std::map<uint64_t, const Machine *> stretches = {{0, rowOf(decoder, state)}};

	for (const llvm::object::SymbolRef &symbol : file.symbols()) {
		llvm::Expected<llvm::StringRef> name = symbol.getName();
		llvm::Expected<llvm::object::section_iterator> where = symbol.getSection();
		llvm::Expected<uint64_t> value = symbol.getAddress();
		if (!name || !where || !value) {
			fail(!name ? name.takeError() : !where ? where.takeError() : value.takeError());
			continue;
		}
		uint64_t at = *value - part.getAddress();
		if (*where == file.section_end() || **where != part || at >= contents.size())
			continue;
		const Machine *row = rowOf(decoder, *name);
		if (row != nullptr || name->starts_with("$d"))
			stretches[at] = row;
	}
	for (auto i = stretches.begin(); i != stretches.end(); i++) {
		auto next = std::next(i);
		uint64_t end = next == stretches.end() ? contents.size() : next->first;
		if (i->second != nullptr)
			stretch(*i->second, contents.slice(i->first, end - i->first),
			        part.getAddress() + i->first);
	}
}

void Census::object(const llvm::object::ObjectFile &file)
{
	const auto *elf = llvm::dyn_cast<llvm::object::ELFObjectFileBase>(&file);

	if (elf == nullptr)
		return;
	decoder = arch_find(elf->getEMachine(), elf->getBytesInAddress() == 8,
	                 elf->isLittleEndian() ? ORDER_LITTLE : ORDER_BIG);
	if (decoder == nullptr || rowOf(decoder, state) == nullptr)
		return;
	for (const llvm::object::SectionRef &part : file.sections()) {
		if (!part.isText())
			continue;
		if (llvm::Expected<llvm::StringRef> contents = part.getContents())
			section(part, llvm::arrayRefFromStringRef(*contents), file);
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
	std::printf("%s: %" PRIu64 " instructions, %" PRIu64 " differences, %" PRIu64
	            " with more registers\n", name.c_str(), instructions, differences, surplus);
	if (unreadable || instructions == 0)
		return 2;
	return differences == 0 ? 0 : 1;
}

int compareFile(const std::string &path, std::optional<llvm::StringRef> state)
{
	Census census;
	llvm::Expected<llvm::object::OwningBinary<llvm::object::Binary>> binary =
	        llvm::object::createBinary(path);

	census.state = state;
	if (!binary)
		census.fail(binary.takeError());
	else if (auto *archive = llvm::dyn_cast<llvm::object::Archive>(binary->getBinary()))
		census.archive(*archive);
	else if (auto *file = llvm::dyn_cast<llvm::object::ObjectFile>(binary->getBinary()))
		census.object(*file);
	return census.finish(path);
}

int compareWords(const arch *arch, std::optional<llvm::StringRef> state, uint64_t step)
{
	Census census;
	const Machine *row = rowOf(arch, state);
	uint64_t noise = 1;
	uint8_t code[4 + 8 + 8];

	if (row == nullptr)
		return 2;
	census.decoder = arch;
	for (uint64_t word = 0; word <= UINT32_MAX; word += step) {
		bytes_store(code, 4, arch->order, word);
		for (int i = 0; i < 2; i++) {
			noise = noise * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			bytes_store(code + 4 + 8 * i, 8, ORDER_BIG, noise);
		}
		census.compare(*row, code, UINT64_C(0x10000000));
	}
	return census.finish("every " + std::to_string(step) + "th word of " + arch->name);
}

/** "NAME/STEP" */
int compareNamed(llvm::StringRef argument, std::optional<llvm::StringRef> state)
{
	auto [name, number] = argument.rsplit('/');
	const arch *arch = archNamed(name);
	uint64_t step = 0;

	if (arch == nullptr || number.getAsInteger(10, step) || step == 0) {
		std::fprintf(stderr, "census: no machine and step: %s\n", argument.str().c_str());
		return 2;
	}
	return compareWords(arch, state, step);
}

} // namespace

int main(int argc, char **argv)
{
	std::optional<llvm::StringRef> state;
	int status = 0;

	if (argc < 2) {
		std::fprintf(stderr, "usage: census [--state=MARK] --words=NAME/STEP | FILE...\n");
		return 2;
	}
	llvm::InitializeAllTargetInfos();
	llvm::InitializeAllTargetMCs();
	llvm::InitializeAllDisassemblers();
	for (int i = 1; i < argc; i++) {
		llvm::StringRef argument = argv[i];
		if (argument.consume_front("--state="))
			state = argument;
		else if (argument.consume_front("--words="))
			status = std::max(status, compareNamed(argument, state));
		else
			status = std::max(status, compareFile(argv[i], state));
	}
	return status;
}
