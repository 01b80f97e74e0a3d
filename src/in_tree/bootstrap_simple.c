/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Starts from what a simple describes. */

#include <string.h>

#include "../bits.h"
#include "../bootstrap/info.h"
#include "../bootstrap/plan.h"
#include "../internal.h"
#include "untypeds.h"

/*@ requires \valid(why);
    assigns *why;
    ensures \result == (int)status;
    ensures why->status == status && why->needed == needed && why->available == available &&
            why->kernel_error == seL4_NoError; */
static int fail(struct allocman_failure *why, enum allocman_status status, seL4_Word needed,
                seL4_Word available)
{
    *why = (struct allocman_failure){
        .status = status, .needed = needed, .available = available, .kernel_error = seL4_NoError};
    return (int)status;
}

/* Does a simple tell what a start needs? */
static bool is_complete(const simple_t *simple)
{
    return simple && simple->cap_count && simple->nth_cap && simple->init_cap &&
           simple->cnode_size && simple->untyped_count && simple->nth_untyped;
}

static size_t not_negative(int count)
{
    return count > 0 ? (size_t)count : 0;
}

/* Scheduling control is not among a simple's capabilities: it is asked for by core. */
static size_t cores(simple_t *simple)
{
#ifdef CONFIG_KERNEL_MCS
    return simple->core_count && simple->sched_ctrl ? not_negative(simple_get_core_count(simple))
                                                    : 0;
#else
    (void)simple;
    return 0;
#endif
}

/* The n-th capability: those that the simple numbers, then scheduling control. */
static seL4_CPtr capability(void *_simple, size_t n)
{
    simple_t *const simple = _simple;
    const size_t count = not_negative(simple_get_cap_count(simple));
    return n < count ? simple_get_nth_cap(simple, (int)n)
                     : simple_get_sched_ctrl(simple, (int)(n - count));
}

static size_t capabilities(simple_t *simple)
{
    return not_negative(simple_get_cap_count(simple)) + cores(simple);
}

/* The largest number of all that the simple knows. */
static seL4_CPtr last_known(simple_t *simple)
{
    seL4_CPtr last = simple_get_cnode(simple);
    for (size_t n = 0; n < capabilities(simple); n++) {
        const seL4_CPtr slot = capability(simple, n);
        last = slot > last ? slot : last;
    }
    for (int n = 0; n < simple_get_untyped_count(simple); n++) {
        const seL4_CPtr slot = am_simple_untyped(simple, n).slot;
        last = slot > last ? slot : last;
    }
    return last;
}

/* The simple's CSpace, as far as nothing is known to be there. */
static struct cspace_single_level_config slots_above(simple_t *simple, seL4_CPtr last)
{
    const size_t radix = not_negative(simple_get_cnode_size_bits(simple));
    const seL4_Word end = radix < AM_WORD_BITS ? AM_BIT(radix) : 0;
    const seL4_Word first = last + 1;
    return am_bootstrap_cspace_of(simple_get_cnode(simple), radix, first < end ? first : end, end);
}

/* Static pool that the untypeds and their pieces take, and the start while it lasts. */
static size_t pool_bytes(const struct simple_untypeds *s)
{
    const size_t pieces = am_simple_pieces(s);
    const size_t piece_bytes = (sizeof(struct simple_piece) + 15) & ~(size_t)15;
    const size_t bytes = ALLOCMAN_POOL_RECORDS((size_t)s->count + pieces) + pieces * piece_bytes +
                         ((s->ram_bytes + 15) & ~(size_t)15);
    return ALLOCMAN_POOL_ALIGN_SLACK + sizeof(struct bootstrap_managers) +
           ALLOCMAN_POOL_PAGED(bytes);
}

allocman_t *bootstrap_use_current_simple_why(simple_t *simple, size_t pool_size, void *pool,
                                             struct allocman_failure *why)
{
    struct allocman_failure failure;
    struct bootstrap_plan plan;
    struct simple_untypeds s;
    why = why ? why : &failure;
    if (!is_complete(simple)) {
        (void)fail(why, ALLOCMAN_INVALID_ARGUMENT, 0, 0);
        return NULL;
    }
    if (am_bootstrap_plan(&plan, pool_size, pool, slots_above(simple, last_known(simple)),
                          not_negative(simple_get_untyped_count(simple)), why)) {
        return NULL;
    }
    allocman_t *const alloc = am_bootstrap_managers_make(&plan);
    int error = am_simple_begin(&s, alloc, simple, 0, NULL);
    if (!error && pool_size < pool_bytes(&s)) {
        error = am_fail(alloc, ALLOCMAN_POOL_TOO_SMALL, pool_bytes(&s), pool_size);
    }
    error = error ? error : am_simple_hand_over(&s);
    am_simple_end(&s);
    if (error) {
        *why = *allocman_last_failure(alloc);
        return NULL;
    }
    return alloc;
}

allocman_t *bootstrap_use_current_simple(simple_t *simple, size_t pool_size, void *pool)
{
    return bootstrap_use_current_simple_why(simple, pool_size, pool, NULL);
}

/* Count the untypeds; refuse sizes that are none. */
static int census_take(struct bootstrap_census *census, simple_t *simple,
                       struct allocman_failure *why)
{
    memset(census, 0, sizeof(*census));
    census->kept_last = last_known(simple);
    census->count = not_negative(simple_get_untyped_count(simple));
    for (size_t i = 0; i < census->count; i++) {
        const struct simple_untyped ut = am_simple_untyped(simple, (int)i);
        if (ut.size_bits < seL4_MinUntypedBits || ut.size_bits > seL4_MaxUntypedBits) {
            return fail(why, ALLOCMAN_INVALID_SIZE, ut.size_bits, ut.slot);
        }
        census->ram[ut.size_bits] += !ut.is_device;
    }
    return ALLOCMAN_OK;
}

static cspacepath_t path_in(simple_t *simple, seL4_CPtr slot)
{
    return (cspacepath_t){.capPtr = slot,
                          .capDepth = AM_WORD_BITS,
                          .root = simple_get_cnode(simple),
                          .offset = slot,
                          .window = 1};
}

/* Describe the system, in a pool that was found large enough. */
static bootstrap_info_t *info_make(simple_t *simple, seL4_CPtr last, size_t pool_size, void *pool,
                                   cspace_simple1level_t *boot)
{
    bootstrap_info_t *const info = bootstrap_create_info(pool_size, pool);
    const struct cspace_single_level_config slots = slots_above(simple, last);
    cspace_simple1level_create(
        boot, (struct cspace_simple1level_config){.cnode = slots.cnode,
                                                  .cnode_size_bits = slots.cnode_size_bits,
                                                  .cnode_guard_bits = slots.cnode_guard_bits,
                                                  .first_slot = slots.first_slot,
                                                  .end_slot = slots.end_slot});
    bool ok = info && !bootstrap_set_boot_cspace(info, cspace_simple1level_make_interface(boot),
                                                 path_in(simple, simple_get_cnode(simple)));
    for (int i = 0; ok && i < simple_get_untyped_count(simple); i++) {
        struct simple_untyped ut = am_simple_untyped(simple, i);
        const cspacepath_t path = path_in(simple, ut.slot);
        ok = !bootstrap_add_untypeds(info, 1, &path, &ut.size_bits, &ut.paddr, ut.is_device);
    }
    if (!ok) {
        return NULL;
    }
    info->census.kept_last = last;
    info->kept =
        (struct bootstrap_kept){.nth = capability, .data = simple, .count = capabilities(simple)};
    return info;
}

static allocman_t *new_cspace_from_simple(simple_t *simple, size_t l1size, size_t l2size,
                                          size_t pool_size, void *pool,
                                          struct allocman_failure *why)
{
    struct bootstrap_new_plan plan;
    struct bootstrap_census census;
    cspace_simple1level_t boot;
    if (!is_complete(simple) || !pool || (uintptr_t)pool + pool_size < (uintptr_t)pool) {
        (void)fail(why, ALLOCMAN_INVALID_ARGUMENT, 0, 0);
        return NULL;
    }
    if (census_take(&census, simple, why) ||
        am_bootstrap_plan_new(&plan, &census, l1size, l2size, pool_size, why)) {
        return NULL; /* and the pool is as it was */
    }
    const struct cspace_single_level_config slots = slots_above(simple, census.kept_last);
    if (slots.first_slot >= slots.end_slot) {
        (void)fail(why, ALLOCMAN_NO_SLOT, 1, 0);
        return NULL;
    }
    bootstrap_info_t *const info = info_make(simple, census.kept_last, pool_size, pool, &boot);
    if (!info) {
        (void)fail(why, ALLOCMAN_NO_BOOK, 0, 0);
        return NULL;
    }
    const cspacepath_t tcb = path_in(simple, simple_get_tcb(simple));
    const cspacepath_t vspace = path_in(simple, simple_get_pd(simple));
    return am_bootstrap_new_cspace(info, l1size, l2size, &tcb, &vspace, NULL, why);
}

allocman_t *bootstrap_new_1level_simple_why(simple_t *simple, size_t l1size, size_t pool_size,
                                            void *pool, struct allocman_failure *why)
{
    struct allocman_failure failure;
    return new_cspace_from_simple(simple, l1size, 0, pool_size, pool, why ? why : &failure);
}

allocman_t *bootstrap_new_1level_simple(simple_t *simple, size_t l1size, size_t pool_size,
                                        void *pool)
{
    return bootstrap_new_1level_simple_why(simple, l1size, pool_size, pool, NULL);
}

allocman_t *bootstrap_new_2level_simple_why(simple_t *simple, size_t l1size, size_t l2size,
                                            size_t pool_size, void *pool,
                                            struct allocman_failure *why)
{
    struct allocman_failure failure;
    why = why ? why : &failure;
    return am_bootstrap_level_two_ok(l2size, why)
               ? new_cspace_from_simple(simple, l1size, l2size, pool_size, pool, why)
               : NULL;
}

allocman_t *bootstrap_new_2level_simple(simple_t *simple, size_t l1size, size_t l2size,
                                        size_t pool_size, void *pool)
{
    return bootstrap_new_2level_simple_why(simple, l1size, l2size, pool_size, pool, NULL);
}
