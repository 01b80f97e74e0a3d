# ALLOCMAN_MACHINE: the record that tests and examples of the architecture run on; cf. tests/support/arch.h.
set(ALLOCMAN_MACHINE pc99-512m)
if(SEL4_ARCH STREQUAL "aarch64")
    set(ALLOCMAN_MACHINE virt-2g-aarch64)
elseif(SEL4_ARCH STREQUAL "riscv64")
    set(ALLOCMAN_MACHINE spike-4g-riscv64)
elseif(SEL4_MCS)
    set(ALLOCMAN_MACHINE pc99-512m-mcs)
endif()
