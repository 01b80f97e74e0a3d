# Sources and include directories of the kernel model, paths relative to this folder.
#
# In:  SEL4_ARCH (x86_64, ia32, aarch64, aarch32, riscv64, riscv32), SEL4_MCS (OFF)
# Out: SEL4MODEL_WORD_BITS (programs that use the model must have words of that size)
#      SEL4MODEL_SOURCES, SEL4MODEL_INCLUDE_DIRS (what an installed libsel4 has; merged at install)
# The sources also need this folder's src/ as include directory, and jansson.

if(NOT DEFINED SEL4_ARCH OR "${SEL4_ARCH}" STREQUAL "")
  set(SEL4_ARCH x86_64)
endif()
set(SEL4MODEL_SUPPORTED_ARCHS x86_64 ia32 aarch64 aarch32 riscv64 riscv32)
if(NOT "${SEL4_ARCH}" IN_LIST SEL4MODEL_SUPPORTED_ARCHS)
  message(FATAL_ERROR "the kernel model does not have SEL4_ARCH ${SEL4_ARCH}: ${SEL4MODEL_SUPPORTED_ARCHS}")
endif()

set(SEL4MODEL_SOURCES
  src/asid.c
  src/boot.c
  src/client.c
  src/cnode.c
  src/costs.c
  src/counters.c
  src/debug.c
  src/delete.c
  src/derive.c
  src/environment.c
  src/inspect.c
  src/invoke.c
  src/irq.c
  src/lookup.c
  src/mdb.c
  src/memory.c
  src/memory_copy.c
  src/object.c
  src/paging.c
  src/record.c
  src/snapshot.c
  src/stop.c
  src/task.c
  src/trace.c
  src/trace_file.c
  src/trace_names.c
  src/trace_text.c
  src/tcb.c
  src/tcb_registers.c
  src/unsupported.c
  src/untyped.c)

if("${SEL4_ARCH}" MATCHES "^(ia32|aarch32|riscv32)$")
  set(SEL4MODEL_WORD_BITS 32)
else()
  set(SEL4MODEL_WORD_BITS 64)
endif()
set(SEL4MODEL_INCLUDE_DIRS include sel4_arch/${SEL4_ARCH}/include word/${SEL4MODEL_WORD_BITS}/include)
if(SEL4_MCS)
  list(APPEND SEL4MODEL_SOURCES src/client_mcs.c src/schedcontext.c)
  list(APPEND SEL4MODEL_INCLUDE_DIRS scheduling/mcs/include)
else()
  list(APPEND SEL4MODEL_INCLUDE_DIRS scheduling/classic/include)
endif()

if("${SEL4_ARCH}" MATCHES "^(x86_64|ia32)$")
  list(APPEND SEL4MODEL_SOURCES
    src/arch/x86/x86_client.c
    src/arch/x86/x86_paging.c
    src/arch/x86/x86_platform.c
    src/sel4_arch/${SEL4_ARCH}/${SEL4_ARCH}_object.c
    src/sel4_arch/${SEL4_ARCH}/${SEL4_ARCH}_unsupported.c)
  list(APPEND SEL4MODEL_INCLUDE_DIRS arch/x86/include)
endif()
if("${SEL4_ARCH}" MATCHES "^aarch(64|32)$")
  list(APPEND SEL4MODEL_SOURCES
    src/arch/arm/arm_client.c
    src/arch/arm/arm_flush.c
    src/arch/arm/arm_platform.c
    src/sel4_arch/${SEL4_ARCH}/${SEL4_ARCH}_object.c
    src/sel4_arch/${SEL4_ARCH}/${SEL4_ARCH}_paging.c
    src/unsupported_with_mrs.c)
  list(APPEND SEL4MODEL_INCLUDE_DIRS arch/arm/include)
endif()
if("${SEL4_ARCH}" MATCHES "^riscv(64|32)$")
  list(APPEND SEL4MODEL_SOURCES
    src/arch/riscv/riscv_client.c
    src/arch/riscv/riscv_object.c
    src/arch/riscv/riscv_paging.c
    src/arch/riscv/riscv_platform.c
    src/unsupported_with_mrs.c)
  list(APPEND SEL4MODEL_INCLUDE_DIRS arch/riscv/include)
endif()
