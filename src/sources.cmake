# Sources of the library, relative to this folder.
set(ALLOCMAN_SOURCES
    allocman.c
    headroom.c
    reserve.c
    status.c
    vka.c
    bootstrap/bootstrap.c
    bootstrap/plan.c
    cspace/simple1level.c
    cspace/single_level.c
    cspace/slot_leaf.c
    cspace/slot_map.c
    mspace/book_pages.c
    mspace/dual_pool.c
    mspace/fixed_pool.c
    mspace/virtual_pool.c
    utspace/add.c
    utspace/ids.c
    utspace/lists.c
    utspace/merge.c
    utspace/object_types.c
    utspace/plan.c
    utspace/roots.c
    utspace/split.c
    utspace/walk.c)

# Validators of the laws: a library of their own.
set(ALLOCMAN_CHECK_SOURCES
    check/check.c
    check/check_cspace.c
    check/check_groups.c
    check/check_lists.c
    check/check_mspace.c
    check/check_numbers.c
    check/check_split.c)
