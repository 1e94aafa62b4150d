# irelfix needs a C11 compiler, GNU make and libc. A new file under src/ needs no line here.
#
#   make               build/irelfix, build/libirelfix.a
#   make install       below $(DESTDIR)$(PREFIX); make uninstall takes it away again
#   make shared        build/libirelfix.so.N; make install-shared
#   make static        build/irelfix-static, which needs no shared library
#   make dist          build/irelfix-VERSION.tar.gz of the last commit
#   make deb           Debian packages below build/deb; OWNER=NAME: whose page they name
#   make hosts         builds for every kind of host and compares the bytes it repairs (make setup)
#   make release       the archives of a release, below build/release (make setup)
#   make packages      packages of other kinds, of these archives, below build/release
#   make demo          a program that crashes, its repair, and the program running
#   make check-fast    tests of every kind, some seconds; names what is missing
#   make test          the same, where packagers look for it
#   make setup         installs and fetches what all tests need (Debian, as root)
#   make check         all tests; make setup check does both
#   make proof         what a model checker proves of the sources; part of make check
#   make bench         speed beside cp, objcopy and patchelf
#   make readme        renews the transcripts in README.md and the explanations in docs/irelfix.1

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
ZSHDIR ?= $(DATADIR)/zsh/site-functions
FISHDIR ?= $(DATADIR)/fish/vendor_completions.d
OWNDIR ?= $(DATADIR)/irelfix

BUILD ?= build
CFLAGS ?= -O2 -g
INSTALL ?= install
# The name of a source in messages and debug information is its name in here, so that two folders
# give the same bytes. Every gcc and clang knows this option, which -ffile-prefix-map came to extend.
OPTIONS = -std=c11 "-fdebug-prefix-map=$(CURDIR)=." $(CPPFLAGS)
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
# what these systems hide unless it is asked for: flock, st_atimespec, ...; also in BUILD.bazel,
# CMakeLists.txt and meson.build
override CPPFLAGS += -D_POSIX_C_SOURCE=200809L -D_DARWIN_C_SOURCE -D__BSD_VISIBLE \
	-D_NETBSD_SOURCE -D_FILE_OFFSET_BITS=64

version := $(shell sed -n 's/^\#define IRELFIX_VERSION "\(.*\)"/\1/p' include/irelfix.h)
# From a folder to the program, so that what was installed may be moved.
to_program = $(shell realpath -ms --relative-to="$(1)" "$(BINDIR)/irelfix" \
	2>/dev/null || echo "$(BINDIR)/irelfix")
# and from $(BINDIR), for irelfix --print-dir
to_links = $(shell realpath -ms --relative-to="$(BINDIR)" "$(LIBEXECDIR)/irelfix" \
	2>/dev/null || echo "$(LIBEXECDIR)/irelfix")

comma := ,
program_sources := $(wildcard src/cli/*.c)
library_sources := $(filter-out $(program_sources),$(wildcard src/*.c src/*/*.c src/*/*/*.c))
unit_sources := $(wildcard tests/unit/*.c)
library_objects := $(library_sources:src/%.c=$(BUILD)/obj/%.o)
program_objects := $(program_sources:src/%.c=$(BUILD)/obj/%.o)
unit_programs := $(unit_sources:tests/unit/%.c=$(BUILD)/unit/%)

all: $(BUILD)/irelfix $(BUILD)/libirelfix.a

$(BUILD)/irelfix: $(program_objects) $(BUILD)/libirelfix.a
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^

# make's own ar is that of this machine.
$(BUILD)/libirelfix.a: export AR := $(if $(filter default,$(origin AR)),,$(AR))
$(BUILD)/libirelfix.a: export CC := $(CC)
$(BUILD)/libirelfix.a: export CFLAGS := $(CFLAGS)
$(BUILD)/libirelfix.a: export LDFLAGS := $(LDFLAGS)
$(BUILD)/libirelfix.a: export OBJCOPY := $(OBJCOPY)
$(BUILD)/libirelfix.a: $(library_objects)
	scripts/archive $@ $^

$(BUILD)/obj/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(OPTIONS) $(PIC) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<

# The archive may become part of somebody's shared library, too.
$(library_objects): PIC := -fPIC

# docs/LIBRARY.md says when the number of the interface changes. Apple names and lists otherwise.
ABI := 1
machine = $(shell $(CC) -dumpmachine)
apple = $(findstring apple,$(subst macos,apple,$(subst darwin,apple,$(machine))))
shared_link = $(if $(apple),libirelfix.dylib,libirelfix.so)
shared_name = $(if $(apple),libirelfix.$(ABI).dylib,libirelfix.so.$(ABI))
shared_flags = $(if $(apple),-dynamiclib -install_name "$(LIBDIR)/$(shared_name)" \
	"-Wl$(comma)-exported_symbol$(comma)_irelfix_*",\
	-shared -Wl$(comma)-soname$(comma)$(shared_name) -Wl$(comma)--version-script=src/irelfix.map)

shared: $(library_objects)
	$(CC) $(CFLAGS) $(LDFLAGS) $(shared_flags) -o "$(BUILD)/$(shared_name)" $^ -pthread

# What is built for one prefix may be installed below another: only the way from the program to the
# links counts, and what knows it is made again when that has changed.
$(BUILD)/obj/cli/self.o: override CPPFLAGS += -DIRELFIX_LINKS='"$(to_links)"'
$(BUILD)/obj/cli/self.o: $(BUILD)/obj/links
$(BUILD)/obj/links: FORCE
	@mkdir -p $(@D)
	@echo '$(to_links)' | cmp -s - $@ || echo '$(to_links)' >$@

unit: $(unit_programs)

# A test that stands in for a function of the library or of libc says --wrap=NAME in its head.
$(BUILD)/unit/%: tests/unit/%.c $(library_objects)
	@mkdir -p $(@D)
	$(CC) $(OPTIONS) -Isrc $(CFLAGS) $(WARNINGS) -MMD -MP $(LDFLAGS) \
		$(addprefix -Wl$(comma),$(shell grep -o -e '--wrap=[a-z_]*' $<)) \
		-o $@ $< $(library_objects) -lcmocka

-include $(library_objects:.o=.d) $(program_objects:.o=.d) $(unit_programs:=.d)

below_prefix = $(subst $(PREFIX)/,$${prefix}/,$(1))

# A folder may have blanks in its name.
install: all
	$(INSTALL) -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(LIBDIR)" "$(DESTDIR)$(INCLUDEDIR)" \
		"$(DESTDIR)$(MANDIR)/man1" "$(DESTDIR)$(CMAKEDIR)" "$(DESTDIR)$(PKGCONFIGDIR)" \
		"$(DESTDIR)$(LIBEXECDIR)/irelfix" "$(DESTDIR)$(BASHDIR)" "$(DESTDIR)$(ZSHDIR)" \
		"$(DESTDIR)$(FISHDIR)" "$(DESTDIR)$(OWNDIR)/bazel/integrations/bazel"
	$(INSTALL) -m 755 $(BUILD)/irelfix "$(DESTDIR)$(BINDIR)/irelfix"
	ln -sf irelfix "$(DESTDIR)$(BINDIR)/irelfix-cc"
	ln -sf irelfix "$(DESTDIR)$(BINDIR)/irelfix-c++"
	ln -sf "$(call to_program,$(LIBEXECDIR)/irelfix)" "$(DESTDIR)$(LIBEXECDIR)/irelfix/ld"
	ln -sf "$(call to_program,$(LIBEXECDIR)/irelfix)" "$(DESTDIR)$(LIBEXECDIR)/irelfix/ld.lld"
	$(INSTALL) -m 644 $(BUILD)/libirelfix.a "$(DESTDIR)$(LIBDIR)/libirelfix.a"
	$(INSTALL) -m 644 include/irelfix.h "$(DESTDIR)$(INCLUDEDIR)/irelfix.h"
	$(INSTALL) -m 644 integrations/make/irelfix.mk "$(DESTDIR)$(INCLUDEDIR)/irelfix.mk"
	$(INSTALL) -m 644 docs/irelfix.1 "$(DESTDIR)$(MANDIR)/man1/irelfix.1"
	ln -sf irelfix.1 "$(DESTDIR)$(MANDIR)/man1/irelfix-cc.1"
	ln -sf irelfix.1 "$(DESTDIR)$(MANDIR)/man1/irelfix-c++.1"
	$(INSTALL) -m 644 integrations/cmake/irelfix-*.cmake "$(DESTDIR)$(CMAKEDIR)"
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(call below_prefix,$(LIBDIR))|' \
		-e 's|@INCLUDEDIR@|$(call below_prefix,$(INCLUDEDIR))|' \
		-e 's|@VERSION@|$(version)|' packaging/irelfix.pc.in \
		>"$(DESTDIR)$(PKGCONFIGDIR)/irelfix.pc"
	$(INSTALL) -m 644 integrations/meson/irelfix.wrap "$(DESTDIR)$(OWNDIR)/irelfix.wrap"
	$(INSTALL) -m 644 packaging/bazel/MODULE.bazel packaging/bazel/BUILD.bazel \
		"$(DESTDIR)$(OWNDIR)/bazel"
	$(INSTALL) -m 644 integrations/bazel/BUILD.bazel integrations/bazel/defs.bzl \
		"$(DESTDIR)$(OWNDIR)/bazel/integrations/bazel"
	ln -sf "$(call to_program,$(OWNDIR)/bazel)" "$(DESTDIR)$(OWNDIR)/bazel/irelfix"
	$(INSTALL) -m 644 packaging/completions/irelfix.bash "$(DESTDIR)$(BASHDIR)/irelfix"
	$(INSTALL) -m 644 packaging/completions/_irelfix "$(DESTDIR)$(ZSHDIR)/_irelfix"
	$(INSTALL) -m 644 packaging/completions/irelfix.fish "$(DESTDIR)$(FISHDIR)/irelfix.fish"

install-shared: shared
	$(INSTALL) -d "$(DESTDIR)$(LIBDIR)"
	$(INSTALL) -m 755 "$(BUILD)/$(shared_name)" "$(DESTDIR)$(LIBDIR)/$(shared_name)"
	ln -sf $(shared_name) "$(DESTDIR)$(LIBDIR)/$(shared_link)"

uninstall:
	rm -f "$(DESTDIR)$(LIBDIR)/$(shared_name)" "$(DESTDIR)$(LIBDIR)/$(shared_link)" \
		"$(DESTDIR)$(BINDIR)"/irelfix "$(DESTDIR)$(BINDIR)"/irelfix-cc \
		"$(DESTDIR)$(BINDIR)"/irelfix-c++ "$(DESTDIR)$(MANDIR)"/man1/irelfix.1 \
		"$(DESTDIR)$(MANDIR)"/man1/irelfix-cc.1 "$(DESTDIR)$(MANDIR)"/man1/irelfix-c++.1 \
		"$(DESTDIR)$(LIBEXECDIR)/irelfix/ld" "$(DESTDIR)$(LIBEXECDIR)/irelfix/ld.lld" \
		"$(DESTDIR)$(LIBDIR)/libirelfix.a" "$(DESTDIR)$(INCLUDEDIR)/irelfix.h" \
		"$(DESTDIR)$(INCLUDEDIR)/irelfix.mk" \
		"$(DESTDIR)$(CMAKEDIR)"/irelfix-*.cmake "$(DESTDIR)$(PKGCONFIGDIR)/irelfix.pc" \
		"$(DESTDIR)$(BASHDIR)/irelfix" "$(DESTDIR)$(ZSHDIR)/_irelfix" \
		"$(DESTDIR)$(FISHDIR)/irelfix.fish" "$(DESTDIR)$(OWNDIR)/irelfix.wrap" \
		"$(DESTDIR)$(OWNDIR)/bazel"/*.bazel "$(DESTDIR)$(OWNDIR)/bazel/irelfix" \
		"$(DESTDIR)$(OWNDIR)/bazel/integrations/bazel"/*
	rmdir "$(DESTDIR)$(LIBEXECDIR)/irelfix" "$(DESTDIR)$(CMAKEDIR)" \
		"$(DESTDIR)$(OWNDIR)/bazel/integrations/bazel" \
		"$(DESTDIR)$(OWNDIR)/bazel/integrations" "$(DESTDIR)$(OWNDIR)/bazel" \
		"$(DESTDIR)$(OWNDIR)" 2>/dev/null || true

static: $(BUILD)/irelfix-static

# glibc's own linker needs no repair; ld.lld may. IRELFIX names an irelfix of this machine where the
# one that is built is another machine's.
IRELFIX ?= $(BUILD)/irelfix
$(BUILD)/irelfix-static: $(program_objects) $(BUILD)/libirelfix.a $(BUILD)/irelfix
	$(CC) $(CFLAGS) $(LDFLAGS) -static -pthread -o $@.linked $(filter %.o %.a,$^)
	@if "$(IRELFIX)" --version >/dev/null 2>&1; then \
		"$(IRELFIX)" $@.linked -o $@ && rm $@.linked; \
	else \
		echo "$@: as it was linked: $(IRELFIX) does not run here (IRELFIX= names one)" >&2; \
		mv $@.linked $@; \
	fi

# git's archive depends on the commit only; gzip -n leaves time and name out. What is no checkout of
# its own, even in one of something else, has no commit to make it of.
dist:
	@mkdir -p $(BUILD)
	@above=$$(git rev-parse --show-prefix) && [ -z "$$above" ] || \
		{ echo "dist: this is no checkout of irelfix" >&2; exit 1; }
	git archive --format=tar --prefix=irelfix-$(version)/ -o $(BUILD)/dist.tar HEAD
	gzip -9n <$(BUILD)/dist.tar >$(BUILD)/dist.tar.gz
	@rm $(BUILD)/dist.tar
	mv $(BUILD)/dist.tar.gz $(BUILD)/irelfix-$(version).tar.gz

# Of the last commit; of what dist has packed, the files themselves.
deb:
	rm -rf $(BUILD)/deb && mkdir -p $(BUILD)/deb/irelfix-$(version)
	if [ -e .git ]; then git archive HEAD; else tar -c --exclude=./$(BUILD) .; fi | \
		tar -x -C $(BUILD)/deb/irelfix-$(version)
# The package builds itself: what this make was told, its BUILD above all, is not for that one.
	cp -r packaging/debian $(BUILD)/deb/irelfix-$(version)/debian
	sed -i $(if $(OWNER),'s|/OWNER/|/$(OWNER)/|','\|/OWNER/|d') $(BUILD)/deb/irelfix-$(version)/debian/control
	unset MAKEFLAGS MAKELEVEL BUILD; cd $(BUILD)/deb/irelfix-$(version) && dpkg-buildpackage -us -uc -b

hosts:
	@scripts/hosts

release packages:
	@scripts/$@

demo:
	@scripts/setup demo
	@scripts/demo

setup:
	@scripts/setup check
	@scripts/toolchain check release
	@scripts/codegen >/dev/null

# In `make setup check` one comes after the other, whatever -j says.
check: | $(filter setup,$(MAKECMDGOALS))
	@scripts/check all

test check-fast:
	@scripts/check fast

proof:
	@scripts/check proof

bench: all
	@scripts/bench

readme: all
	@scripts/readme
	@scripts/manual

clean:
	rm -rf $(addprefix $(BUILD)/,obj unit irelfix irelfix-static irelfix.o libirelfix.a \
	libirelfix.so.$(ABI) release)

FORCE:

.PHONY: all unit shared install install-shared uninstall static dist deb hosts release packages demo \
	setup test check check-fast proof bench readme clean
