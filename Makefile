# The front door: `make demo`, `make check`. CMake does the building; see CMakePresets.json.

RECORD ?=
path   = $(if $(wildcard $(1)),$(1),$(or $(wildcard data/bootinfo/$(1:.json=).json),$(error no such record: $(1). \
         There are: $(patsubst data/bootinfo/%.json,%,$(wildcard data/bootinfo/*.json)))))

SECONDS = 60
# The model of the kernel that a record is of: its name's end says which, MACHINE-SIZE[-KERNEL].
bench_preset = $(or $(patsubst mcs,x86_64-mcs,$(shell echo $(notdir $(RECORD:.json=)) | cut -s -d- -f3-)),default)

.PHONY: help demo check coverage mutants nightly fuzz bench proofs setup clean
help: ## this list
	@echo "allocman: a resource allocator for seL4, and a kernel model to run it on"; echo
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/  make \1	\2/p' Makefile | expand -t 16

demo: ## run the demo, pictures in build/demo/ (RECORD=pc99-3g: on another machine's memory)
	@scripts/setup demo
	@scripts/build default demo
	@mkdir -p build/demo
	@build/default/examples/demo --record $(call path,$(or $(RECORD),pc99-512m)) --out build/demo

check: ## everything that CI checks: tests with two compilers and sanitizers, budgets, static rules
	@scripts/setup check
	@scripts/check

coverage: ## what the tests do not run of src/, vka/ and model/
	@scripts/setup check
	@scripts/check-coverage --all

mutants: ## change one place of the code after the other; do the tests notice? (COUNT=100 SEED=1)
	@scripts/setup check
	@scripts/mutants $(or $(COUNT),40) $(or $(SEED),1)

nightly: ## every fault in every test of the interface, in the demo and in W4: hours
	@scripts/setup check
	@scripts/build gcc-release
	@for test in build/gcc-release/tests/refusals/refused_*; do echo $$test; ALLOCMAN_FAULTS=0 $$test || exit 1; done

fuzz: ## fuzz each target of tests/fuzz for SECONDS=60, with what is kept there to begin with
	@scripts/setup check
	@scripts/fuzz $(SECONDS)

bench: ## the benchmark's figures beside their budgets, also in build/bench.jsonl and build/bench/ (RECORD= as for the demo)
	@scripts/setup bench
	@scripts/build $(bench_preset) bench
	@build/$(bench_preset)/bench/bench --instructions 101 $(if $(RECORD),--record $(call path,$(RECORD))) \
	  --operations 10000000 --plots build/bench --out build/bench.jsonl

proofs: ## prove the contracts that stand at the code, with Frama-C
	@scripts/setup proofs
	@scripts/proofs

setup: ## install the Debian packages that all of the above need
	@scripts/setup all

clean: ## remove build/
	@rm -rf build
