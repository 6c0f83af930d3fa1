# Builds, tests and installs tavs. Variables to set on the command line:
#   BUILD=dir   where everything built goes        CC=clang     another compiler
#   HOSTCC=gcc  where CC compiles for another machine
#   WERROR=1    warnings are errors                SANITIZE=1   AddressSanitizer and UBSan
#   T=seconds   how long make fuzz runs each target
#   N=number    how many operations make soak does
#   PREFIX, DESTDIR for install and uninstall      CFLAGS, CPPFLAGS, LDFLAGS as usual

VERSION    := 0.1.0
BUILD      ?= build
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib/tavs
DOCDIR     ?= $(PREFIX)/share/doc/tavs
MANDIR     ?= $(PREFIX)/share/man
BASHDIR    ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR     ?= $(PREFIX)/share/zsh/site-functions
FISHDIR    ?= $(PREFIX)/share/fish/vendor_completions.d
HOSTCC     ?= $(CC)
PKG_CONFIG ?= pkg-config
PYTHON     ?= /usr/bin/python3
INSTALL    ?= install
DIST       ?= dist

# These go through make's lists and the shell as they are: what has a meaning there would make other folders of
# them, which install, uninstall and clean would change.
folders := BUILD DIST DESTDIR PREFIX BINDIR LIBDIR DOCDIR MANDIR BASHDIR ZSHDIR FISHDIR
nothing :=
marks   := : ; & | ( ) < > * ? ' " ` $$ % \ \#
has_mark = $(strip $(if $(findstring $(nothing) $(nothing),$(1)),x)$(if $(findstring $(nothing)	$(nothing),$(1)),x) \
           $(foreach mark,$(marks),$(findstring $(mark),$(1))))
$(foreach folder,$(folders),$(if $(call has_mark,$($(folder))),\
    $(error $(folder): a name with spaces or marks of the shell is not possible here: $($(folder)))))

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:

all:

# ---- sources ------------------------------------------------------------------------------------

# src/ROOM/apart/ is built as tavs-ROOM.so, which is loaded when it is needed: what it is linked with
# would make every start of the program several times as long. With it goes what it uses of its room.
all_parts  := $(sort $(patsubst src/%/apart/,%,$(dir $(wildcard src/*/apart/*.c))))
part_also  := src/base/part_version.c
render_also := src/base/error.c src/base/language.c src/base/text.c src/render/front.c src/render/symbol.c src/render/width.c
render_links := xlsxwriter
term_uses  := readline
protect_links := glpk
delimited_links := csv
unicode_links := unistring
unistring_header := uninorm
scan_also  := src/base/error.c src/base/text.c src/scan/chars.c src/scan/decode.c src/scan/pass.c src/scan/row.c
scan_uses  := zlib
scan_links := m

# A part that needs one of these is left out where it is not there; all other libraries have to be.
optional   := poppler-glib
scan_wants := poppler-glib
left_out   := $(foreach part,$(all_parts),$(if $($(part)_wants),\
                  $(shell $(PKG_CONFIG) --exists $($(part)_wants) 2>/dev/null || echo $(part))))
parts      := $(filter-out $(left_out),$(all_parts))
part_sources = $(wildcard src/$(1)/apart/*.c) $(part_also) $($(1)_also)

sources    := $(sort $(filter-out $(wildcard src/*/apart/*.c),$(wildcard src/*/*.c src/*/*/*.c)))
mains      := src/main.c src/main_scan.c
units      := $(sort $(wildcard tests/unit/test_*.c))
unit_aids  := $(filter-out $(units),$(sort $(wildcard tests/unit/*.c)))
benches    := $(sort $(wildcard tools/bench/*.c))

library    := $(BUILD)/libtavs.a
program    := $(BUILD)/tavs
programs   := $(program) $(BUILD)/tavs-scan
part_files := $(parts:%=$(BUILD)/tavs-%.so)
objects    := $(sources:%.c=$(BUILD)/%.o)
part_objects = $(patsubst %.c,$(BUILD)/shared/%.o,$(call part_sources,$(1)))
unit_tests := $(units:%.c=$(BUILD)/%)
bench_program := $(BUILD)/tools/bench/bench
generated  := $(BUILD)/gen/elgamal_table.h $(BUILD)/gen/confine_filter.h $(BUILD)/gen/confine_calls.h \
              $(BUILD)/gen/danish.h
languages  := $(patsubst po/%.po,%,$(wildcard po/*.po))

# ---- libraries ----------------------------------------------------------------------------------

# Lines of pkg-config's name and Debian's package.
used     := $(shell tools/lib/used-libraries | tr ' ' :)
names    := $(foreach line,$(used),$(firstword $(subst :, ,$(line))))
debian    = $(patsubst $(1):%,%,$(filter $(1):%,$(used) cmocka:libcmocka-dev gettext:gettext valgrind/memcheck:valgrind))

# What pkg-config does not know is found by its header, NAME.h or what NAME_header says, and linked by its name. So is libxlsxwriter:
# Debian 13's file for pkg-config asks for libraries that its package does not bring.
unlisted := $(filter $(foreach part,$(parts),$($(part)_links)),$(names))
packages := $(filter-out $(unlisted) $(optional),$(names))

# Only the parts are linked with theirs, and only what makes the filters with libseccomp.
part_packages := $(filter libseccomp $(foreach part,$(parts),$($(part)_uses)),$(packages))
core_packages := $(filter-out $(part_packages),$(packages))

has     = $(shell $(PKG_CONFIG) --exists $(1) 2>/dev/null && echo yes)
missing = $(strip $(foreach package,$(1),$(if $(call has,$(package)),,$(package))))

hash       := \#
has_header = $(shell echo '$(hash)include <$(1).h>' | $(CC) $(CPPFLAGS) -E - >/dev/null 2>&1 && echo yes)
missing_headers = $(foreach name,$(1),$(if $(call has_header,$(or $($(name)_header),$(name))),,$(name)))

compiles_nothing := clean uninstall dist deb check-rooms check-terminal po check-po
ifneq ($(if $(MAKECMDGOALS),$(filter-out $(compiles_nothing),$(MAKECMDGOALS)),all),)
ifeq ($(shell command -v $(PKG_CONFIG)),)
$(error missing: pkg-config. On Debian: apt-get install pkg-config)
endif
lacking := $(call missing,$(packages)) $(call missing_headers,$(unlisted)) $(if $(shell command -v msgfmt),,gettext)
ifneq ($(strip $(lacking)),)
$(error missing: $(strip $(lacking)). On Debian: apt-get install $(strip $(foreach name,$(lacking),$(call debian,$(name)))))
endif
library_cflags := $(shell $(PKG_CONFIG) --cflags $(packages))
library_libs   := $(shell $(PKG_CONFIG) --libs $(core_packages))
wanted_cflags  := $(patsubst -I%,-isystem%,$(shell $(PKG_CONFIG) --cflags $(foreach part,$(parts),$($(part)_wants)) 2>/dev/null))
ifneq ($(strip $(left_out)),)
$(info left out: $(strip $(foreach part,$(left_out),tavs-$(part).so, which needs $($(part)_wants). On Debian: apt-get install \
    $(foreach name,$($(part)_wants),$(call debian,$(name))))))
endif
endif

# ---- flags --------------------------------------------------------------------------------------

ifdef FUZZ
SANITIZE := 1
endif
ifdef SANITIZE
CFLAGS ?= -O1 -g
else
CFLAGS ?= -O2 -g
endif

# Sanitizers make gcc warn of what is not there, so warnings are left to the plain build.
ifndef SANITIZE
warnings := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla $(if $(WERROR),-Werror)
endif

# Of several flags those that the compiler takes without a warning; one compiler run if it takes all.
comma := ,
takes = $(shell echo '$(hash)include <stdio.h>' | \
          $(CC) $(CFLAGS) -Werror $(1) -x c -c - -o /dev/null 2>/dev/null && echo yes)
taken = $(if $(call takes,$(1)),$(1),$(foreach flag,$(1),$(if $(call takes,$(flag)),$(flag))))

ifneq ($(if $(MAKECMDGOALS),$(filter-out $(compiles_nothing),$(MAKECMDGOALS)),all),)
hardening := $(call taken,-fstack-protector-strong -fstack-clash-protection -fcf-protection)
ifdef SANITIZE
hardening += -fsanitize=address,undefined$(if $(FUZZ),$(comma)fuzzer-no-link) \
             -fno-sanitize-recover=all -fno-omit-frame-pointer
else
fortify   := $(firstword $(foreach level,3 2,\
                 $(if $(call takes,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(level)),$(level))))
hardening += $(if $(fortify),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(fortify))
endif
endif

compile = $(CC) -std=c11 -D_GNU_SOURCE -Iinclude $(extra) $(library_cflags) \
          -DTAVS_VERSION='"$(VERSION)"' -DTAVS_BINDIR='"$(BINDIR)"' -DTAVS_LIBDIR='"$(LIBDIR)"' \
          $(if $(ANALYZE),-fanalyzer -include tools/analyzer.h) \
          $(CPPFLAGS) $(warnings) $(hardening) $(CFLAGS)
link    = $(CC) $(CFLAGS) $(hardening) -Wl,--as-needed -Wl,-z,relro,-z,now,-z,noexecstack $(LDFLAGS)

# ---- building -----------------------------------------------------------------------------------

.PHONY: all
all: $(library) $(programs) $(part_files)

# Changes when the way of compiling does; then everything is compiled anew.
flags := $(BUILD)/flags
.PHONY: force
$(flags): export flags_now = $(compile) $(link) $(library_libs)
$(flags): force
	@mkdir -p $(@D)
	@printf '%s\n' "$$flags_now" | cmp -s - $@ || printf '%s\n' "$$flags_now" > $@

$(BUILD)/%.o: %.c $(flags)
	@mkdir -p $(@D)
	$(compile) -fPIE -MMD -MP -c -o $@ $<

$(library): $(objects)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $(objects)

$(BUILD)/tavs: $(BUILD)/src/main.o
$(BUILD)/tavs-scan: $(BUILD)/src/main_scan.o
$(programs): $(library)
	$(link) -pie -o $@ $(filter %.o,$^) $(library) $(library_libs)
	chmod go-w $@ $(@D)

$(foreach part,$(parts),$(if $($(part)_wants),$(BUILD)/shared/src/$(part)/apart/%.o)): extra = $(wanted_cflags)
$(BUILD)/shared/%.o: %.c $(flags)
	@mkdir -p $(@D)
	$(compile) -fPIC -fvisibility=hidden -MMD -MP -c -o $@ $<

# What others may write to is not loaded: so neither are the parts, nor their folder, whatever the umask.
# It may use nothing of the program (gcc's and clang's sanitizers leave their own names undefined).
define part_rule
$(BUILD)/tavs-$(1).so: $(call part_objects,$(1))
	$$(link) -shared $(if $(SANITIZE),,-Wl,-z,defs) -o $$@ $$^ \
	    $(if $($(1)_uses)$($(1)_wants),$$$$($(PKG_CONFIG) --libs $($(1)_uses) $($(1)_wants))) $(addprefix -l,$($(1)_links))
	chmod go-w $$@ $$(@D)
endef
$(foreach part,$(parts),$(eval $(call part_rule,$(part))))

# Made when the program is built, by programs of the machine that builds (HOSTCC): the table for the
# discrete logarithm, the filters of system calls, for the machine that CC compiles for, and the translations.
users_of_generated := $(BUILD)/src/elgamal/%.o $(BUILD)/src/confine/%.o $(BUILD)/src/base/translations.o $(BUILD)/src/base/os_error.o
$(users_of_generated): extra := -I$(BUILD)/gen
$(filter $(users_of_generated),$(objects)): | $(generated)

$(BUILD)/gen/make_dlog_table: make_libs = $(library_libs)
$(BUILD)/gen/make_confine_filter: make_libs = $$($(PKG_CONFIG) --libs libseccomp)
$(BUILD)/gen/make_%: tools/make_%.c
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_GNU_SOURCE -O2 -Iinclude $(library_cflags) -o $@ $< $(make_libs)

$(BUILD)/gen/elgamal_table.h: $(BUILD)/gen/make_dlog_table
$(BUILD)/gen/confine_filter.h $(BUILD)/gen/confine_calls.h: $(BUILD)/gen/make_confine_filter
$(BUILD)/gen/confine_filter.h: maker_words = filter $(maker_machine)
$(BUILD)/gen/confine_calls.h: maker_words = calls $(maker_machine)
maker_machine = $(if $(filter-out $(HOSTCC),$(CC)),$(firstword $(subst -, ,$(shell $(CC) -dumpmachine))))
$(BUILD)/gen/elgamal_table.h $(BUILD)/gen/confine_filter.h $(BUILD)/gen/confine_calls.h:
	$< $(maker_words) > $@.new
	mv $@.new $@

# ---- translations -------------------------------------------------------------------------------

$(BUILD)/gen/danish.mo: po/da.po
	@mkdir -p $(@D)
	msgfmt --check --endianness=little -o $@ $<

$(BUILD)/gen/danish.h: $(BUILD)/gen/danish.mo $(BUILD)/gen/make_translations
	$(BUILD)/gen/make_translations < $< > $@.new
	mv $@.new $@

# The texts of the sources, sorted by file and without dates or lines, so that the same sources give the
# same template. It is made anew each time, and so is no file of the sources itself.
template := $(BUILD)/tavs.pot
texts    := $(sort $(sources) $(mains) $(wildcard src/*/apart/*.c))
.PHONY: po check-po $(template)
$(template): $(texts)
	@mkdir -p $(@D)
	xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=P_:1,2 --add-comments=TRANSLATORS \
	    --add-location=file --sort-by-file --package-name=tavs --copyright-holder='the authors of tavs' \
	    -o - $(texts) | grep -v '^"POT-Creation-Date:' > $@

$(BUILD)/%.po: po/%.po $(template)
	msgmerge --quiet --no-fuzzy-matching --add-location=file -o $@.new $< $(template)
	msgattrib --no-obsolete --add-location=file -o $@ $@.new
	rm -f $@.new

# Takes what the sources have into po/LANGUAGE.po; what is new there has to be translated by hand.
po: $(languages:%=$(BUILD)/%.po)
	for language in $(languages); do \
	    cp $(BUILD)/$$language.po po/$$language.po && \
	    echo "$$language: $$(msgfmt --statistics -o /dev/null po/$$language.po 2>&1)" || exit; \
	done

# Fails where `make po` would change something.
check-po: $(languages:%=$(BUILD)/%.po)
	for language in $(languages); do diff -u po/$$language.po $(BUILD)/$$language.po || exit; done

# ---- tests --------------------------------------------------------------------------------------

# They and the benchmark look for the parts beside them, as every program that is not installed does.
part_links := $(foreach folder,tests/unit tests/fuzz tools/bench,$(part_files:$(BUILD)/%=$(BUILD)/$(folder)/%))
$(part_links):
	@mkdir -p $(@D)
	@chmod go-w $(@D)
	ln -sfn ../../$(@F) $@

# Files of tests/unit that are not tests themselves are there for all of them.
unit_aid_objects := $(unit_aids:%.c=$(BUILD)/%.o)
$(BUILD)/tests/%.o: extra := -Isrc -Itests/unit -DTESTS_DIR='"$(abspath tests)"'

test_lacking = $(strip $(call missing,cmocka) $(call missing_headers,valgrind/memcheck))
.PHONY: need-cmocka
need-cmocka:
	$(if $(test_lacking),$(error missing: $(test_lacking). On Debian: apt-get install \
	    $(foreach name,$(test_lacking),$(call debian,$(name)))))

$(unit_tests): $(BUILD)/%: $(BUILD)/%.o $(unit_aid_objects) $(library) | need-cmocka $(filter $(BUILD)/tests/unit/%,$(part_links))
	$(link) -pie -o $@ $(filter %.o,$^) $(library) $(library_libs) $$($(PKG_CONFIG) --libs cmocka) $(more_libraries)

# What attacks and measures the disclosure control from outside: for tests/unit/test_protect_attack_* only.
attack_libraries := -lglpk -lm
attack_objects := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/attack/*.c)))
attack_tests := $(filter $(BUILD)/tests/unit/test_protect_attack_%,$(unit_tests))
$(BUILD)/tests/%.o: extra += -Itests/attack
$(attack_tests): $(attack_objects)
$(attack_tests): more_libraries = $(attack_libraries)

.PHONY: test unit whole asan valgrind clang attack attack-aware headline fuzz fuzz-targets faults powercuts analyze soak coverage \
        check-rooms check-terminal lint bench
test: all $(unit_tests) $(bench_program)
	$(PYTHON) tests/run $(BUILD)

unit: all $(unit_tests)
	$(PYTHON) tests/run $(BUILD) unit

whole: all
	$(PYTHON) tests/run $(BUILD) whole

# All unit tests, or those that are named: make valgrind UNITS="test_base test_keys"
valgrind: all $(unit_tests)
	$(PYTHON) tests/run --valgrind $(BUILD) unit $(UNITS)

# How many operations make soak does.
N ?= 3000

# From outside, long: make attack OFFICES=200 Y=1 attacks as many random offices of Y years as a whole after each
# release; make attack-aware asks what somebody excludes who knows the program; make headline whether months and
# quarters cost a year its headline. SEED is the first office.
OFFICES ?= 200
Y       ?= 1
attacks := attack_sequence attack_changes attack_tiny
attack: all $(attacks:%=$(BUILD)/tests/unit/test_protect_%)
	for test in $(attacks); do \
	    TAVS_EACH=1 TAVS_OFFICES=$(OFFICES) TAVS_YEARS=$(Y) TAVS_SEED=$(or $(SEED),1) $(BUILD)/tests/unit/test_protect_$$test || exit; done

attack-aware: OFFICES = 9
attack-aware: all $(BUILD)/tests/unit/test_protect_attack_aware
	TAVS_OFFICES=$(OFFICES) TAVS_PAIRS=0 TAVS_SEED=$(or $(SEED),1) $(BUILD)/tests/unit/test_protect_attack_aware

headline: OFFICES = 1000
headline: all $(BUILD)/tests/unit/test_protect_attack_headline
	TAVS_OFFICES=$(OFFICES) TAVS_SEED=$(or $(SEED),1) $(BUILD)/tests/unit/test_protect_attack_headline

asan:
	TAVS_SLOW_MACHINE=asan $(MAKE) BUILD=$(BUILD)-asan SANITIZE=1 test

# gcc's analyzer over everything; a finding is an error.
analyze:
	$(MAKE) BUILD=$(BUILD)-analyze CC=gcc CFLAGS=-O1 ANALYZE=1 WERROR=1 all

# make soak N=100000: so many random operations, some killed, against a model.
soak: all
	TAVS_PROGRAM=$(abspath $(program)) $(PYTHON) tests/whole/soak.py $(N) $(SEED)

# Which lines and branches the tests reach, but for those tests that build the program again. Unconfined: gcc's
# counters are written as a process ends. A test that fails is no reason not to say what was reached.
builders := test_install test_package test_setup
measured = $(filter-out $(builders),$(notdir $(basename $(wildcard tests/$(1)/test_*))))
coverage:
	@command -v gcovr >/dev/null || { echo 'missing: gcovr. On Debian: apt-get install gcovr' >&2; exit 1; }
	mkdir -p $(BUILD)-coverage
	gcc -std=c11 -O1 -fPIC -c -o $(BUILD)-coverage/exit.o tests/drivers/coverage_exit.c
	$(MAKE) BUILD=$(BUILD)-coverage CC=gcc CPPFLAGS=-DTAVS_UNCONFINED CFLAGS='-O0 -g --coverage' \
	    LDFLAGS='-Wl,--wrap=_exit $(abspath $(BUILD))-coverage/exit.o' coverage-tests
	tools/coverage $(BUILD)-coverage

.PHONY: coverage-tests
coverage-tests: all $(unit_tests)
	find $(BUILD) -name '*.gcda' -delete
	-TAVS_SLOW_MACHINE=coverage $(PYTHON) tests/run $(BUILD) unit $(call measured,unit)
	-TAVS_SLOW_MACHINE=coverage $(PYTHON) tests/run $(BUILD) whole $(call measured,whole)

clang:
	$(MAKE) BUILD=$(BUILD)-clang CC=clang WERROR=1 all

# make fuzz T=60 runs every target of tests/fuzz for a minute; NAMES="record scan" only these.
T ?= 60
fuzz:
	$(MAKE) BUILD=$(BUILD)-fuzz CC=clang FUZZ=1 fuzz-targets
	tests/fuzz/run $(BUILD)-fuzz $(T) $(NAMES)

fuzz_targets := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
fuzz_apart   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/delimited/apart/*.c))
fuzz-targets: $(fuzz_targets) $(BUILD)/tavs-delimited.so $(BUILD)/tavs-protect.so $(BUILD)/tavs-unicode.so
$(BUILD)/tests/fuzz/fuzz_pdf: $(patsubst %,$(BUILD)/src/scan/apart/pdf_%.o,raw stream page_text lines join) # no poppler
$(fuzz_targets): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/tests/fuzz/slow.o $(BUILD)/tests/unit/audit_mutator.o $(fuzz_apart) $(library) | $(filter $(BUILD)/tests/fuzz/%,$(part_links))
	$(link) -fsanitize=fuzzer -Wl,--wrap=LLVMFuzzerTestOneInput -o $@ $(filter %.o,$^) $(library) $(library_libs) -lcsv -lz -lm

# Every call of every command fails in turn, once, for good, or with a signal before it; and every limit of
# descriptors, memory, files and disk: a long run.
faults: all
	TAVS_FAULTS=0 TESTS_LONGEST=86400 $(PYTHON) tests/run $(BUILD) whole test_every_call test_limits

# Thousands of disks that a power cut can leave, for each command that writes.
powercuts: all
	TAVS_CUTS=2000 TESTS_LONGEST=86400 $(PYTHON) tests/run $(BUILD) whole test_power_cuts

check-rooms:
	tools/check-rooms

check-terminal:
	tools/check-terminal

# Needs clang-format, clang-tidy, cppcheck and shellcheck.
formatted := $(wildcard include/tavs/*.h src/*.c src/*/*.[ch] src/*/*/*.[ch] tests/*/*.[ch] tools/*.c tools/bench/*.[ch])

scripts := .ci/run tools/try tools/test tools/systems $(wildcard tools/lib/*)

lint: $(generated)
	@shellcheck $(scripts)
	@clang-format --dry-run -Werror $(formatted)
	@cppcheck -q --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --suppress=ctuuninitvar \
	    --error-exitcode=1 -D_GNU_SOURCE -Iinclude src
	@printf '%s\n' $(sources) $(wildcard src/*/apart/*.c) $(mains) | xargs -P2 -I{} clang-tidy --quiet {} -- \
	    -std=c11 -D_GNU_SOURCE -Iinclude -I$(BUILD)/gen $(library_cflags) $(wanted_cflags) -DTAVS_VERSION='""'

$(bench_program): $(benches:%.c=$(BUILD)/%.o) $(library) | $(filter $(BUILD)/tools/bench/%,$(part_links))
	$(link) -pie -o $@ $^ $(library_libs)

bench: all $(bench_program)
	TAVS_PROGRAM=$(abspath $(program)) $(bench_program) $(ONLY)

# ---- installing ---------------------------------------------------------------------------------

documents := $(wildcard README.md CHANGELOG.md LICENSE docs/*.md docs/*.json)
# A page whose text ends in .in gets what the program's help tells of commands and options.
manuals   := $(wildcard man/*.[1-9]) $(patsubst %.in,$(BUILD)/%,$(wildcard man/*.in man/*/*.in))

# Places of what is installed, after its sources: man/da/tavs.1 becomes da/man1/tavs.1.
manual_place = $(patsubst $(BUILD)/man/%,$(MANDIR)/%,$(patsubst man/%,$(MANDIR)/%,$(dir $(1)))\
                 )man$(patsubst .%,%,$(suffix $(1)))/$(notdir $(1))
places := $(program):$(BINDIR)/tavs $(foreach file,$(filter-out $(program),$(programs)) $(part_files),$(file):$(LIBDIR)/$(notdir $(file))) \
          $(foreach file,$(documents),$(file):$(DOCDIR)/$(notdir $(file))) \
          $(foreach file,$(manuals),$(file):$(call manual_place,$(file))) \
          completions/tavs.bash:$(BASHDIR)/tavs completions/_tavs:$(ZSHDIR)/_tavs \
          completions/tavs.fish:$(FISHDIR)/tavs.fish
source_of   = $(firstword $(subst :, ,$(1)))
installed   = $(DESTDIR)$(lastword $(subst :, ,$(1)))

define newline


endef

$(BUILD)/man/%.1: man/%.1.in tools/make_manual $(program) | all
	@mkdir -p $(@D)
	tools/make_manual $(program) $(if $(filter da/%,$*),da,en) $< > $@.new
	mv $@.new $@

.PHONY: install uninstall dist deb clean
install: all $(manuals)
	$(INSTALL) -d $(sort $(foreach place,$(places),$(dir $(call installed,$(place)))))
	$(foreach place,$(places),$(INSTALL) -m $(if $(filter $(programs),$(call source_of,$(place))),755,644) \
	    $(call source_of,$(place)) $(call installed,$(place))$(newline)	)

uninstall:
	rm -f $(foreach place,$(places),$(call installed,$(place)))
	for folder in $(DESTDIR)$(LIBDIR) $(DESTDIR)$(DOCDIR); do rmdir $$folder 2>/dev/null || true; done

# The sources of the last commit: the same bytes whoever makes them, whenever.
release := tavs-$(VERSION)
tarball := $(DIST)/$(release).tar.xz

dist:
	@mkdir -p $(DIST)
	git -c safe.directory='*' -c tar.umask=0022 archive --format=tar --prefix=$(release)/ HEAD > $(tarball).tar
	xz --threads=1 -9e --stdout $(tarball).tar > $(tarball).new
	mv $(tarball).new $(tarball)
	rm $(tarball).tar

# Debian's package, from the tarball, and what lintian says of it.
deb: dist
	rm -rf $(BUILD)/deb
	mkdir -p $(BUILD)/deb
	tar -xf $(tarball) -C $(BUILD)/deb
	cd $(BUILD)/deb/$(release) && env -i PATH="$$PATH" HOME="$$HOME" LC_ALL=C.UTF-8 \
	    DEB_BUILD_OPTIONS="$(DEB_BUILD_OPTIONS)" dpkg-buildpackage -us -uc -b
	lintian --fail-on error,warning $(BUILD)/deb/*.changes

clean:
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-clang $(BUILD)-fuzz $(BUILD)-analyze

-include $(attack_objects:.o=.d) $(objects:.o=.d) $(patsubst %.o,%.d,$(foreach part,$(parts),$(call part_objects,$(part)))) $(mains:%.c=$(BUILD)/%.d) $(units:%.c=$(BUILD)/%.d) \
         $(unit_aid_objects:.o=.d) $(benches:%.c=$(BUILD)/%.d)
