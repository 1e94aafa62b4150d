/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE /* ptrace */
#include <sys/ptrace.h>
#include <sys/uio.h>
#endif
#include "crash.h"

#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One trace; its keeper shares it. */
struct trace {
	struct crash crash;
	bool found;
	int failure;
	const char *const *argv;
	const char *socket_path; /* of the emulator's stub; NULL: natively */
	const struct arch *arch;
	unsigned seconds;
};

/* Starts the program with its output thrown away; its end is its keeper's. */
static pid_t start_silently(struct trace *trace, bool traced)
{
	return sandbox_start(trace->argv, trace->seconds, STDOUT_FILENO, &trace->failure, traced);
}

static void pause_briefly(void)
{
	const struct timespec pause = { .tv_nsec = 2000000 };

	nanosleep(&pause, NULL);
}

static unsigned word_size(const struct arch *arch)
{
	return arch->is64 ? 8 : 4;
}

/* ---- ptrace --------------------------------------------------------------------------------- */

#ifdef __linux__

enum { NOTE_PRSTATUS = 1, REGISTERS_MAX = 64 };

/* The general registers of a process, as the kernel lays them out for its machine. */
struct registers {
	unsigned char bytes[8 * REGISTERS_MAX];
};

static bool read_registers(pid_t child, struct registers *out)
{
	struct iovec vector = { out->bytes, sizeof(out->bytes) };

	memset(out, 0, sizeof(*out));
	return ptrace(PTRACE_GETREGSET, child, (void *)NOTE_PRSTATUS, &vector) == 0;
}

/* Register @position, of a word of the child's, which may be narrower than the tracer's. */
static uint64_t register_at(const struct registers *registers, const struct arch *arch,
                            unsigned position)
{
	unsigned width = word_size(arch);

	return bytes_number(registers->bytes + (size_t)position * width, width, arch->order);
}

/* The word in the child's memory at @address; anything where there is none. */
static uint64_t peek(pid_t child, const struct arch *arch, uint64_t address)
{
	long data = ptrace(PTRACE_PEEKDATA, child, (void *)(uintptr_t)address, NULL);
	unsigned char bytes[8] = { 0 };

	memcpy(bytes, &data, sizeof(data));
	return bytes_number(bytes, word_size(arch), arch->order);
}

/* The first stop, after execve, is the one at the entry. */
static bool note_entry(pid_t child, const struct arch *arch, struct crash *out)
{
	struct registers registers;

	if (out->entry == 0 && read_registers(child, &registers))
		out->entry = register_at(&registers, arch, arch->pc_position.kernel);
	return out->entry != 0;
}

static bool note_death(pid_t child, const struct arch *arch, struct crash *out)
{
	struct registers registers;

	if (!read_registers(child, &registers))
		return false;
	out->died_at = register_at(&registers, arch, arch->pc_position.kernel);
	out->caller = register_at(&registers, arch, arch->return_position.kernel);
	if (arch->return_on_stack)
		out->caller = peek(child, arch, out->caller);
	return true;
}

static bool is_fatal(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGFPE || sig == SIGABRT;
}

/* Lets @child run on from one stop to the next. @return whether it has come to its death. */
static bool step(pid_t child, const struct arch *arch, struct crash *out, bool *gone)
{
	int status = 0, sig;
	pid_t changed = waitpid(child, &status, WNOHANG);

	*gone = changed > 0 && !WIFSTOPPED(status);
	if (changed <= 0 || *gone)
		return false;
	sig = WSTOPSIG(status);
	if (is_fatal(sig) && note_death(child, arch, out))
		return true;
	*gone = !note_entry(child, arch, out);
	ptrace(PTRACE_CONT, child, NULL, (void *)(intptr_t)(sig == SIGTRAP ? 0 : sig));
	return false;
}

static void trace_native(struct trace *trace)
{
	pid_t child = start_silently(trace, true);
	bool gone = child < 0;

	while (!gone && !trace->found) {
		trace->found = step(child, trace->arch, &trace->crash, &gone);
		if (!trace->found)
			pause_briefly();
	}
}

#else

static void trace_native(struct trace *trace)
{
	(void)trace;
}

#endif

/* ---- gdb's remote protocol ------------------------------------------------------------------ */

static int connect_to(const char *path, unsigned seconds)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct timeval limit = { .tv_sec = (time_t)seconds };

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return fd;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	strcpy(address.sun_path, path);
	for (unsigned tries = 0; tries < seconds * 500; tries++) {
		if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
			return fd;
		pause_briefly();
	}
	close(fd);
	return -1;
}

/* A packet is $payload#checksum. */
static bool send_packet(int fd, const char *payload)
{
	unsigned sum = 0;
	char packet[64];

	for (const char *at = payload; *at; at++)
		sum += (unsigned char)*at;
	snprintf(packet, sizeof(packet), "$%s#%02x", payload, sum & 0xff);
	return write(fd, packet, strlen(packet)) >= 0;
}

/* Sends a packet and reads the payload of the answer. */
static bool ask(int fd, const char *payload, char *answer, size_t size)
{
	size_t length = 0;
	char byte, previous = 0;

	if (!send_packet(fd, payload))
		return false;
	while (read(fd, &byte, 1) == 1 && byte != '$')
		continue;
	while (length + 1 < size && read(fd, &byte, 1) == 1 && byte != '#') {
		/* run-length encoding: the character before '*' repeats byte - 29 times more */
		if (previous == '*') {
			for (int n = byte - 29; n > 0 && length + 1 < size; n--) {
				answer[length] = answer[length - 1];
				length++;
			}
			previous = 0;
			continue;
		}
		previous = byte;
		if (byte != '*')
			answer[length++] = byte;
		else if (length == 0)
			return false;
	}
	answer[length] = '\0';
	return length > 0 && write(fd, "+", 1) == 1;
}

/*
 * Reads word @position of a register dump, @more bytes further on: hexadecimal bytes in the
 * machine's own order.
 */
static bool word_at(const struct arch *arch, const char *dump, unsigned position, unsigned more,
                    uint64_t *out)
{
	unsigned width = word_size(arch);
	size_t at = ((size_t)position * width + more) * 2;
	unsigned char bytes[8];
	unsigned byte;

	if (strlen(dump) < at + width * 2)
		return false;
	for (unsigned i = 0; i < width; i++) {
		if (sscanf(dump + at + (size_t)i * 2, "%2x", &byte) != 1)
			return false;
		bytes[i] = (unsigned char)byte;
	}
	*out = bytes_number(bytes, width, arch->order);
	return true;
}

static bool ask_death(int fd, const struct arch *arch, struct crash *out)
{
	char answer[8192], memory[32];

	if (!ask(fd, "g", answer, sizeof(answer)) ||
	    !word_at(arch, answer, arch->pc_position.gdb, 0, &out->died_at) ||
	    !word_at(arch, answer, arch->return_position.gdb, arch->return_bytes, &out->caller))
		return false;
	if (!arch->return_on_stack)
		return true;
	snprintf(memory, sizeof(memory), "m%" PRIx64 ",%u", out->caller, word_size(arch));
	if (!ask(fd, memory, answer, sizeof(answer)) || !word_at(arch, answer, 0, 0, &out->caller))
		out->caller = 0;
	return true;
}

static bool ask_all(int fd, const struct arch *arch, struct crash *out)
{
	char answer[8192];

	return ask(fd, "g", answer, sizeof(answer)) &&
	       word_at(arch, answer, arch->pc_position.gdb, 0, &out->entry) &&
	       ask(fd, "c", answer, sizeof(answer)) && answer[0] == 'T' &&
	       ask_death(fd, arch, out);
}

static void trace_emulated(struct trace *trace)
{
	pid_t child = start_silently(trace, false);
	int fd = child > 0 ? connect_to(trace->socket_path, trace->seconds) : -1;

	trace->found = fd >= 0 && ask_all(fd, trace->arch, &trace->crash);
	if (fd >= 0)
		close(fd);
}

/* ---- both ----------------------------------------------------------------------------------- */

static void trace_kept(void *shared)
{
	struct trace *trace = shared;

	(trace->socket_path ? trace_emulated : trace_native)(trace);
}

bool crash_trace(const char *const *argv, const char *socket_path, const struct arch *arch,
                 const struct keeper_limits *limits, struct crash *out)
{
	struct trace *trace = keeper_share(sizeof(*trace));
	bool found;

	if (!trace)
		return false;
	*trace = (struct trace){
		.argv = argv, .socket_path = socket_path, .arch = arch, .seconds = limits->seconds,
	};
	found = keeper_run(trace_kept, trace, limits) == KEEPER_DONE && trace->found;
	*out = trace->crash;
	keeper_unshare(trace);
	if (socket_path)
		unlink(socket_path);
	return found;
}
