/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Several threads on one allocman with a lock: random operations, and all laws at the end.
// scripts/check-threads runs this under ThreadSanitizer, which sees every access without the lock.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include <allocman/hooks.h>
#include <allocman/vka.h>
#include <vka/capops.h>
#include <vka/object.h>

#include "arch.h"
#include "rng.h"
#include "workers.h"
#include "world.h"

enum { THREADS = 4, ROUNDS = 3000, HELD_MAX = 120 };

struct held {
    cspacepath_t path; // of an object
    seL4_Word cookie;  // 0: it is book memory
    size_t size;       // log2 bytes of an object, bytes of book memory
    unsigned char *book;
};

struct thread {
    struct rng rng;
    struct held held[HELD_MAX];
    unsigned count;
    unsigned long wrong; // things that should not be
};

static struct shared {
    struct world world;
    pthread_mutex_t mutex;
    unsigned long acquired;
    struct thread thread[THREADS];
} shared = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void acquire(void *cookie)
{
    struct shared *const s = cookie;
    (void)pthread_mutex_lock(&s->mutex);
    s->acquired++;
}

static void release(void *cookie)
{
    struct shared *const s = cookie;
    (void)pthread_mutex_unlock(&s->mutex);
}

static void take_object(allocman_t *alloc, struct thread *t, unsigned size_bits)
{
    struct held h = {.size = size_bits};
    if (allocman_cspace_alloc(alloc, &h.path) != ALLOCMAN_OK) {
        return;
    }
    int error = ALLOCMAN_OK;
    h.cookie = allocman_utspace_alloc(alloc, size_bits, seL4_UntypedObject, &h.path, false, &error);
    if (!h.cookie) {
        t->wrong += error == ALLOCMAN_OK || error == ALLOCMAN_KERNEL_REFUSED;
        allocman_cspace_free(alloc, &h.path);
        return;
    }
    t->held[t->count++] = h;
}

static void take_book(allocman_t *alloc, struct thread *t, size_t bytes, unsigned number)
{
    unsigned char *const block = allocman_mspace_alloc(alloc, bytes, NULL);
    if (block) { // nobody else has it
        memset(block, (int)number, bytes);
        t->held[t->count++] = (struct held){.book = block, .size = bytes};
    }
}

static void give_back(allocman_t *alloc, struct thread *t, unsigned i, unsigned number)
{
    const struct held h = t->held[i];
    t->held[i] = t->held[--t->count];
    if (h.book) {
        for (size_t b = 0; b < h.size; b++) {
            t->wrong += h.book[b] != number;
        }
        allocman_mspace_free(alloc, h.book, h.size);
        return;
    }
    t->wrong += allocman_utspace_paddr(alloc, h.cookie, h.size) == ALLOCMAN_NO_PADDR;
    t->wrong += vka_cnode_delete(&h.path) != seL4_NoError;
    allocman_utspace_free(alloc, h.cookie, h.size);
    allocman_cspace_free(alloc, &h.path);
}

static void work(void *context, unsigned number)
{
    struct shared *const s = context;
    allocman_t *const alloc = s->world.alloc;
    struct thread *const t = &s->thread[number];
    *t = (struct thread){.rng = {.state = number + 1}};
    for (unsigned i = 0; i < ROUNDS; i++) {
        const unsigned what = rng_below(&t->rng, 100);
        if (t->count == HELD_MAX || (t->count > 0 && what < 45)) {
            give_back(alloc, t, rng_below(&t->rng, t->count), number);
        } else if (what < 80) {
            take_object(alloc, t, rng_from(&t->rng, 4, 16));
        } else if (what < 99) {
            take_book(alloc, t, rng_from(&t->rng, 1, 6000), number);
        } else {
            allocman_reclaim(alloc);
        }
    }
    while (t->count > 0) {
        give_back(alloc, t, t->count - 1, number);
    }
    vka_t vka;
    allocman_make_vka(&vka, alloc);
    for (unsigned i = 0; i < ROUNDS / 4; i++) { // vka's calls have ways of their own
        vka_object_t frame;
        if (!vka_alloc_frame(&vka, seL4_PageBits, &frame)) {
            vka_free_object(&vka, &frame);
        }
    }
}

static void random_operations(void **state)
{
    const struct world_options *const options = *state;
    world_start(&shared.world, options);
    const struct allocman_lock lock = {acquire, release, &shared};
    assert_int_equal(allocman_set_lock(shared.world.alloc, &lock), ALLOCMAN_OK);
    shared.acquired = 0;
    assert_true(workers_run(shared.world.alloc, shared.world.bootinfo, THREADS, work, &shared));
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(shared.thread[i].wrong, 0);
        assert_int_equal(shared.thread[i].rng.state == i + 1, 0); // it was at work
    }
    assert_true(shared.acquired > THREADS * ROUNDS);
    assert_int_equal(shared.world.alloc->counts.misuse, 0);
    allocman_reclaim(shared.world.alloc);
    char text[300];
    const char *const wrong = world_wrong(&shared.world, true, NULL, NULL, text, sizeof(text));
    if (wrong) {
        fail_msg("%s", wrong);
    }
    world_stop(&shared.world);
}

static const struct world_options few_slots = {.record = MACHINE, .empty_slots = 500};
static const struct world_options growing = {
    .record = MACHINE, .empty_slots = 4000, .virtual_bytes = 8 << 20};

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"threads_in_few_slots", random_operations, NULL, NULL, (void *)(uintptr_t)&few_slots},
        {"threads_with_a_pool", random_operations, NULL, NULL, (void *)(uintptr_t)&growing},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
