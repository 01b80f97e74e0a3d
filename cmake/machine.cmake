# ALLOCMAN_MACHINE: the record that tests and examples run on; cf. tests/support/arch.h.
set(machine_x86_64 pc99-512m)
set(machine_ia32 pc99-512m-ia32)
set(machine_aarch64 virt-2g-aarch64)
set(machine_aarch32 sabre-1g-aarch32)
set(machine_riscv64 spike-4g-riscv64)
set(machine_riscv32 spike-512m-riscv32)
set(ALLOCMAN_MACHINE ${machine_${SEL4_ARCH}}${SEL4MODEL_VARIANT})
