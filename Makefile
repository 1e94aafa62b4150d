# irelfix needs a C11 compiler, GNU make and libc. A new file under src/ needs no line here.
#
#   make               build/irelfix, build/libirelfix.a
#   make install       below $(DESTDIR)$(PREFIX); make uninstall takes it away again
#   make static        build/irelfix-static, which needs no shared library
#   make dist          build/irelfix-VERSION.tar.gz of the last commit
#   make deb           Debian packages below build/deb
#   make demo          a program that crashes, its repair, and the program running
#   make check-fast    unit and command-line tests, some seconds
#   make check         everything; installs what it needs (Debian, as root)
#   make bench         speed beside cp, objcopy and patchelf
#   make readme        renews the transcripts in README.md

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
LIBEXECDIR ?= $(PREFIX)/libexec
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
CMAKEDIR ?= $(LIBDIR)/cmake/irelfix
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
BASHDIR ?= $(DATADIR)/bash-completion/completions
ZSHDIR ?= $(DATADIR)/zsh/vendor-completions
FISHDIR ?= $(DATADIR)/fish/vendor_completions.d

BUILD ?= build
AR ?= ar
CFLAGS ?= -O2 -g
INSTALL ?= install
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
# macOS hides what is not POSIX of 2001 without its own macro
override CPPFLAGS += -D_POSIX_C_SOURCE=200809L -D_DARWIN_C_SOURCE -D_FILE_OFFSET_BITS=64

version := $(shell sed -n 's/^\#define IRELFIX_VERSION "\(.*\)"/\1/p' include/irelfix.h)
# from $(LIBEXECDIR)/irelfix, so that what was installed may be moved
to_program = $(shell realpath -ms --relative-to=$(LIBEXECDIR)/irelfix $(BINDIR)/irelfix 2>/dev/null || \
	echo $(BINDIR)/irelfix)

# the compiler knows the one for its machine
objcopy := $(if $(filter -flto%,$(CFLAGS)),,$(shell command -v "$$($(CC) -print-prog-name=objcopy)" 2>/dev/null))

program_sources := $(wildcard src/cli/*.c)
library_sources := $(filter-out $(program_sources),$(wildcard src/*.c src/*/*.c src/*/*/*.c))
unit_sources := $(wildcard tests/unit/*.c)
library_objects := $(library_sources:src/%.c=$(BUILD)/obj/%.o)
program_objects := $(program_sources:src/%.c=$(BUILD)/obj/%.o)
unit_programs := $(unit_sources:tests/unit/%.c=$(BUILD)/unit/%)

all: $(BUILD)/irelfix $(BUILD)/libirelfix.a

$(BUILD)/irelfix: $(program_objects) $(BUILD)/libirelfix.a
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^

# One object that shows irelfix_* and nothing else: who links it may have a write_file of his own.
# (On i386 gcc calls __x86.get_pc_thunk.bx, of which each program has one.)
# Where there is no objcopy, or no machine code yet (-flto), the objects are taken as they are.
$(BUILD)/libirelfix.a: $(library_objects)
	@rm -f $@ $(BUILD)/irelfix.o
ifneq ($(objcopy),)
	$(CC) $(filter -m%,$(CFLAGS)) -nostdlib -r -o $(BUILD)/irelfix.o $^
	$(objcopy) --wildcard --keep-global-symbol='irelfix_*' --keep-global-symbol='__x86.*' \
		$(BUILD)/irelfix.o
	$(AR) rcs $@ $(BUILD)/irelfix.o
else
	$(AR) rcs $@ $^
endif

$(BUILD)/obj/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<

unit: $(unit_programs)

$(BUILD)/unit/%: tests/unit/%.c $(library_objects)
	@mkdir -p $(@D)
	$(CC) -std=c11 $(CPPFLAGS) -Isrc $(CFLAGS) $(WARNINGS) -MMD -MP $(LDFLAGS) \
		-o $@ $< $(library_objects) -lcmocka

-include $(library_objects:.o=.d) $(program_objects:.o=.d) $(unit_programs:=.d)

install: all
	$(INSTALL) -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR) $(INCLUDEDIR) $(MANDIR)/man1 \
		$(CMAKEDIR) $(PKGCONFIGDIR) $(LIBEXECDIR)/irelfix $(BASHDIR) $(ZSHDIR) $(FISHDIR))
	$(INSTALL) -m 755 $(BUILD)/irelfix $(DESTDIR)$(BINDIR)/irelfix
	ln -sf irelfix $(DESTDIR)$(BINDIR)/irelfix-cc
	ln -sf irelfix $(DESTDIR)$(BINDIR)/irelfix-c++
	ln -sf $(to_program) $(DESTDIR)$(LIBEXECDIR)/irelfix/ld
	ln -sf $(to_program) $(DESTDIR)$(LIBEXECDIR)/irelfix/ld.lld
	$(INSTALL) -m 644 $(BUILD)/libirelfix.a $(DESTDIR)$(LIBDIR)/libirelfix.a
	$(INSTALL) -m 644 include/irelfix.h $(DESTDIR)$(INCLUDEDIR)/irelfix.h
	$(INSTALL) -m 644 docs/irelfix.1 $(DESTDIR)$(MANDIR)/man1/irelfix.1
	ln -sf irelfix.1 $(DESTDIR)$(MANDIR)/man1/irelfix-cc.1
	ln -sf irelfix.1 $(DESTDIR)$(MANDIR)/man1/irelfix-c++.1
	$(INSTALL) -m 644 integrations/cmake/irelfix-config*.cmake $(DESTDIR)$(CMAKEDIR)
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(version)|' \
		-e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' packaging/irelfix.pc.in \
		>$(DESTDIR)$(PKGCONFIGDIR)/irelfix.pc
	$(INSTALL) -m 644 packaging/completions/irelfix.bash $(DESTDIR)$(BASHDIR)/irelfix
	$(INSTALL) -m 644 packaging/completions/_irelfix $(DESTDIR)$(ZSHDIR)/_irelfix
	$(INSTALL) -m 644 packaging/completions/irelfix.fish $(DESTDIR)$(FISHDIR)/irelfix.fish

uninstall:
	rm -f $(addprefix $(DESTDIR),$(addprefix $(BINDIR)/,irelfix irelfix-cc irelfix-c++) \
		$(addprefix $(MANDIR)/man1/,irelfix.1 irelfix-cc.1 irelfix-c++.1) \
		$(LIBEXECDIR)/irelfix/ld $(LIBEXECDIR)/irelfix/ld.lld $(LIBDIR)/libirelfix.a \
		$(INCLUDEDIR)/irelfix.h $(CMAKEDIR)/irelfix-config*.cmake $(PKGCONFIGDIR)/irelfix.pc \
		$(BASHDIR)/irelfix $(ZSHDIR)/_irelfix $(FISHDIR)/irelfix.fish)
	rmdir $(DESTDIR)$(LIBEXECDIR)/irelfix $(DESTDIR)$(CMAKEDIR) 2>/dev/null || true

static: $(BUILD)/irelfix-static

# glibc's own linker needs no repair; ld.lld may.
$(BUILD)/irelfix-static: $(program_objects) $(BUILD)/libirelfix.a $(BUILD)/irelfix
	$(CC) $(CFLAGS) $(LDFLAGS) -static -pthread -o $@.linked $(filter %.o %.a,$^)
	$(BUILD)/irelfix $@.linked -o $@
	@rm $@.linked

# git's archive depends on the commit only; gzip -n leaves time and name out.
dist:
	@mkdir -p $(BUILD)
	git archive --format=tar --prefix=irelfix-$(version)/ HEAD | gzip -9n \
		>$(BUILD)/irelfix-$(version).tar.gz

deb: dist
	rm -rf $(BUILD)/deb && mkdir $(BUILD)/deb
	tar -xzf $(BUILD)/irelfix-$(version).tar.gz -C $(BUILD)/deb
	cp -r packaging/debian $(BUILD)/deb/irelfix-$(version)/debian
	cd $(BUILD)/deb/irelfix-$(version) && dpkg-buildpackage -us -uc -b

demo:
	@scripts/demo

check:
	@scripts/check all

check-fast:
	@scripts/check fast

bench: all
	@scripts/bench

readme: all
	@scripts/readme

clean:
	rm -rf $(addprefix $(BUILD)/,obj unit irelfix irelfix.o libirelfix.a)

.PHONY: all unit install uninstall static dist deb demo check check-fast bench readme clean
