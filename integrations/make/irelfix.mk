# SPDX-License-Identifier: MIT
#
# include irelfix.mk: every program that GNU make's own rule links is repaired. A rule of your own
# links into $@.linked, and ends with $(irelfix):
#
#   server: $(objects)
#   	$(CXX) $(LDFLAGS) $^ -o $@.linked
#   	$(irelfix)
#
# The program appears when it is repaired, and not before.
IRELFIX ?= irelfix

# An IRELFIX that is empty is one that was not found.
define irelfix
@command -v $(firstword $(IRELFIX) irelfix) >/dev/null || { \
	echo 'irelfix.mk: $(firstword $(IRELFIX) irelfix) was not found, and $@ would not start' \
		'without it: install irelfix, or name it by IRELFIX=' >&2; exit 1; }
$(or $(strip $(IRELFIX)),irelfix) --quiet $@.linked -o $@
@rm $@.linked
endef

%: %.o
	$(LINK.o) $^ $(LOADLIBES) $(LDLIBS) -o $@.linked
	$(irelfix)

# Without these, a program of one source would be compiled and linked at once, past the rule above.
%: %.c
%: %.cc
%: %.cpp
%: %.C
