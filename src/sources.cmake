# Sources of the library, relative to this folder.
set(ALLOCMAN_SOURCES
    allocman.c
    attach.c
    headroom.c
    make_from_vka.c
    reserve.c
    status.c
    vka.c
    bootstrap/bootstrap.c
    bootstrap/info.c
    bootstrap/new_bootinfo.c
    bootstrap/new_cspace.c
    bootstrap/plan.c
    bootstrap/plan_new.c
    cspace/index.c
    cspace/simple1level.c
    cspace/single_level.c
    cspace/slot_leaf.c
    cspace/slot_map.c
    cspace/two_level.c
    cspace/two_level_growth.c
    mspace/book_pages.c
    mspace/dual_pool.c
    mspace/fixed_pool.c
    mspace/k_r_malloc.c
    mspace/malloc.c
    mspace/virtual_pool.c
    utspace/add.c
    utspace/ids.c
    utspace/lists.c
    utspace/merge.c
    utspace/object_types.c
    utspace/plan.c
    utspace/roots.c
    utspace/split.c
    utspace/twinkle.c
    utspace/vka.c
    utspace/walk.c)

# Validators of the laws: a library of their own.
set(ALLOCMAN_CHECK_SOURCES
    check/check.c
    check/check_cspace.c
    check/check_groups.c
    check/check_lists.c
    check/check_mspace.c
    check/check_numbers.c
    check/check_split.c
    check/check_two_level.c)

# In a seL4 project's tree: what takes interfaces that only such a tree has.
set(ALLOCMAN_IN_TREE_SOURCES
    in_tree/bootstrap_simple.c
    in_tree/ram.c
    in_tree/timer_objects.c
    in_tree/untypeds.c
    in_tree/vspace_pool.c)
