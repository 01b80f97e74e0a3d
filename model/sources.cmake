# Sources and include directories of the kernel model, paths relative to this folder.
#
# In:  SEL4_ARCH (x86_64, ia32, aarch64, aarch32, riscv64, riscv32), SEL4_MCS (OFF)
#      aarch64 only: SEL4_HYP (OFF), SEL4_ARM_PA_SIZE_BITS (40; or 44)
# Out: SEL4MODEL_WORD_BITS (programs that use the model must have words of that size)
#      SEL4MODEL_VARIANT (what kernels and machines have behind the architecture's name: -hyp, -pa44, -mcs)
#      SEL4MODEL_SOURCES, SEL4MODEL_INCLUDE_DIRS (what an installed libsel4 has; merged at install)
# The sources also need this folder's src/ as include directory, and jansson.

if(NOT DEFINED SEL4_ARCH OR "${SEL4_ARCH}" STREQUAL "")
  set(SEL4_ARCH x86_64)
endif()
set(SEL4MODEL_SUPPORTED_ARCHS x86_64 ia32 aarch64 aarch32 riscv64 riscv32)
if(NOT "${SEL4_ARCH}" IN_LIST SEL4MODEL_SUPPORTED_ARCHS)
  message(FATAL_ERROR "the kernel model does not have SEL4_ARCH ${SEL4_ARCH}: ${SEL4MODEL_SUPPORTED_ARCHS}")
endif()
if("${SEL4_ARM_PA_SIZE_BITS}" STREQUAL "")
  set(SEL4_ARM_PA_SIZE_BITS 40)
endif()
if(NOT "${SEL4_ARM_PA_SIZE_BITS}" MATCHES "^4[04]$")
  message(FATAL_ERROR "SEL4_ARM_PA_SIZE_BITS=${SEL4_ARM_PA_SIZE_BITS}: the kernel model has Arm cores with physical "
                      "addresses of 40 bits (Cortex-A53) and of 44 (Cortex-A57)")
endif()
if(NOT "${SEL4_ARCH}" STREQUAL aarch64 AND (SEL4_HYP OR SEL4_ARM_PA_SIZE_BITS EQUAL 44))
  message(FATAL_ERROR "SEL4_HYP and SEL4_ARM_PA_SIZE_BITS are options of SEL4_ARCH=aarch64 only, not of ${SEL4_ARCH}")
endif()

set(SEL4MODEL_VARIANT)
if(SEL4_HYP)
  string(APPEND SEL4MODEL_VARIANT -hyp)
endif()
if(SEL4_ARM_PA_SIZE_BITS EQUAL 44)
  string(APPEND SEL4MODEL_VARIANT -pa44)
endif()
if(SEL4_MCS)
  string(APPEND SEL4MODEL_VARIANT -mcs)
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
if("${SEL4_ARCH}" STREQUAL aarch64)
  if(SEL4_HYP)
    list(APPEND SEL4MODEL_SOURCES src/sel4_arch/aarch64/aarch64_vcpu.c src/sel4_arch/aarch64/aarch64_vcpu_client.c)
    list(APPEND SEL4MODEL_INCLUDE_DIRS sel4_arch/aarch64/exception_level/el2/include)
  else()
    list(APPEND SEL4MODEL_INCLUDE_DIRS sel4_arch/aarch64/exception_level/el1/include)
  endif()
  if(SEL4_ARM_PA_SIZE_BITS EQUAL 44)
    list(APPEND SEL4MODEL_INCLUDE_DIRS sel4_arch/aarch64/core/cortex-a57/include)
  else()
    list(APPEND SEL4MODEL_INCLUDE_DIRS sel4_arch/aarch64/core/cortex-a53/include)
  endif()
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
