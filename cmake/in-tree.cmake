# Built inside a seL4 project, which brings libsel4, vka, the utility libraries and the C library. It adds this folder
# before some of theirs, so they are linked by name and need not exist yet.
list(TRANSFORM ALLOCMAN_SOURCES PREPEND src/)
list(TRANSFORM ALLOCMAN_IN_TREE_SOURCES PREPEND src/)
add_library(sel4allocman STATIC EXCLUDE_FROM_ALL ${ALLOCMAN_SOURCES} ${ALLOCMAN_IN_TREE_SOURCES})
target_compile_options(sel4allocman PRIVATE -std=gnu11)
target_compile_definitions(sel4allocman PUBLIC ALLOCMAN_IN_TREE PRIVATE $<$<CONFIG:Debug>:ALLOCMAN_DEBUG>)
target_include_directories(sel4allocman PUBLIC include arch/${KernelArch} sel4_arch/${KernelSel4Arch})
target_link_libraries(sel4allocman PUBLIC muslc sel4 sel4vka sel4utils sel4vspace sel4_autoconf)
