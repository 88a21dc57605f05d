# Footfall: small filters for streams of customer events. `make help` lists what can be made.

PROGRAMS := $(notdir $(patsubst %/main.swift,%,$(wildcard Sources/*/main.swift)))

PREFIX         ?= /usr/local
PROGRAM_PREFIX ?=
DESTDIR        ?=
BINDIR         := $(DESTDIR)$(PREFIX)/bin
MANDIR         := $(DESTDIR)$(PREFIX)/share/man/man1
BASHDIR        := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR         := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISHDIR        := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

SWIFT   ?= swift
RELEASE := .build/release
STATIC  := .build/static
SOURCES := Package.swift Sources Tests

.PHONY: help build test torture soak fuzz demo bench instructions format lint install uninstall dist clean
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PREFIX=$(PREFIX)  where install puts the programs"
	@echo "  PROGRAM_PREFIX=   what their names begin with there, e.g. footfall-"

build: ## Build the programs, optimised
	$(SWIFT) build -c release

test: ## Build and run the tests
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

torture: build ## Run the long tests too, on the optimised programs
	$(SWIFT) build --build-tests
	FOOTFALL_TORTURE=1 FOOTFALL_PROGRAMS="$(CURDIR)/$(RELEASE)" $(SWIFT) test --skip-build

demo: build ## Run the whole pipeline on simulated data
	@PATH="$(CURDIR)/$(RELEASE):$$PATH" examples/demo/run.sh

soak: build ## Replay a million events in five minutes through the live pipe
	python3 -B Tests/soak/soak.py

fuzz: build ## Feed the readers with mutated data: RUNS=10000000 make fuzz
	Tests/fuzz/run.sh

bench: build ## Time the programs and their peers on the same data
	@[ "$$(uname)" != Linux ] || $(MAKE) dist
	Tests/benchmark/run.sh

instructions: build ## Count the instructions a byte of input costs
	python3 -B Tests/benchmark/instructions.py

format: ## Bring the sources into their form
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

lint: ## Check the form of the sources
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

install: build ## Install programs, manual pages and completions under PREFIX
	install -d "$(BINDIR)" "$(MANDIR)" "$(BASHDIR)" "$(ZSHDIR)" "$(FISHDIR)"
	@for program in $(PROGRAMS); do \
	  name="$(PROGRAM_PREFIX)$$program"; built="$(RELEASE)/$$program"; \
	  install -m 755 "$$built" "$(BINDIR)/$$name" || exit 1; \
	  "$$built" --man > "$(MANDIR)/$$name.1" || exit 1; \
	  "$$built" --completions bash | sed "s/ $$program\$$/ $$name/" > "$(BASHDIR)/$$name" || exit 1; \
	  "$$built" --completions zsh | sed "1s/ $$program\$$/ $$name/" > "$(ZSHDIR)/_$$name" || exit 1; \
	  "$$built" --completions fish | sed "s/-c $$program /-c $$name /" > "$(FISHDIR)/$$name.fish" || exit 1; \
	  echo "installed $(BINDIR)/$$name"; \
	done

uninstall: ## Remove what install put there
	@for program in $(PROGRAMS); do \
	  name="$(PROGRAM_PREFIX)$$program"; \
	  rm -f "$(BINDIR)/$$name" "$(MANDIR)/$$name.1" "$(BASHDIR)/$$name" "$(ZSHDIR)/_$$name" \
	    "$(FISHDIR)/$$name.fish"; \
	done

dist: ## Make stripped, statically linked programs in dist/ (Linux)
	$(SWIFT) build -c release --scratch-path $(STATIC) -Xswiftc -static-executable
	install -d dist
	@for program in $(PROGRAMS); do \
	  strip -o "dist/$$program" "$(STATIC)/release/$$program" || exit 1; \
	done
	@ls -l dist

clean: ## Remove what was built
	rm -rf .build dist
