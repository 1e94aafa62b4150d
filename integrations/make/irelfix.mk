# SPDX-License-Identifier: MIT
#
# include irelfix.mk: every program that a pattern rule links is repaired in the same recipe. The
# rule is the one that GNU make has built in, with a second line.
IRELFIX ?= irelfix

# A file that could not be repaired must not stay as if it were up to date.
.DELETE_ON_ERROR:

%: %.o
	$(LINK.o) $^ $(LOADLIBES) $(LDLIBS) -o $@
	$(IRELFIX) --quiet --in-place $@

# Without these, a program of one source would be compiled and linked at once, past the rule above.
%: %.c
%: %.cc
%: %.cpp
%: %.C
