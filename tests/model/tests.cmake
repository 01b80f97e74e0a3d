# Tests of the kernel model: <name>.c in this folder is one program. They need the macro RECORD_DIR,
# and run on MACHINE (support/arch.h). Some are about one architecture.
set(MODEL_TESTS
  model_boot
  model_cnode
  model_counters
  model_delete
  model_derivation
  model_host
  model_inspect
  model_lookup
  model_memory
  model_messages
  model_outside
  model_random
  model_registers
  model_retype
  model_snapshot
  model_switches
  model_tcb
  model_threads
  model_trace
  model_trace_names)
if(SEL4_ARCH STREQUAL "x86_64")
  list(APPEND MODEL_TESTS model_mapping model_platform)
  if(NOT SEL4_MCS)
    list(APPEND MODEL_TESTS model_records)
  endif()
endif()
if(SEL4_ARCH STREQUAL "aarch64")
  list(APPEND MODEL_TESTS model_page_tables model_platform_arm)
  if(SEL4_HYP)
    list(APPEND MODEL_TESTS model_vcpu)
  endif()
elseif(SEL4_ARCH STREQUAL "riscv64")
  list(APPEND MODEL_TESTS model_page_tables model_platform_riscv)
endif()
if(SEL4_MCS)
  list(APPEND MODEL_TESTS model_scheduling)
endif()
