/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

#include "fake_vka.h"

static int fake_cspace_alloc(void *data, seL4_CPtr *res)
{
    struct fake_vka *fake = data;
    if (fake->slot_error == 0) {
        fake->slots_taken++;
        *res = fake->next_slot++;
    }
    return fake->slot_error;
}

static void fake_cspace_make_path(void *data, seL4_CPtr slot, cspacepath_t *res)
{
    (void)data;
    *res = (cspacepath_t){
        .capPtr = slot, .capDepth = seL4_WordBits, .root = 2, .offset = slot, .window = 1};
}

static void fake_cspace_free(void *data, seL4_CPtr slot)
{
    struct fake_vka *fake = data;
    fake->slots_given_back++;
    fake->last_freed_slot = slot;
}

static int fake_make(struct fake_vka *fake, const cspacepath_t *dest, seL4_Word type,
                     seL4_Word size_bits, uintptr_t paddr, int can_use_dev, seL4_Word *cookie)
{
    fake->last_dest = *dest;
    fake->last_type = type;
    fake->last_size_bits = size_bits;
    fake->last_paddr = paddr;
    fake->last_can_use_dev = can_use_dev;
    if (fake->memory_error == 0) {
        *cookie = (seL4_Word)(FAKE_FIRST_COOKIE + fake->memory_taken++);
    }
    return fake->memory_error;
}

static int fake_utspace_alloc(void *data, const cspacepath_t *dest, seL4_Word type,
                              seL4_Word size_bits, seL4_Word *res)
{
    return fake_make(data, dest, type, size_bits, VKA_NO_PADDR, -1, res);
}

static int fake_utspace_alloc_maybe_device(void *data, const cspacepath_t *dest, seL4_Word type,
                                           seL4_Word size_bits, bool can_use_dev, seL4_Word *res)
{
    return fake_make(data, dest, type, size_bits, VKA_NO_PADDR, can_use_dev, res);
}

static int fake_utspace_alloc_at(void *data, const cspacepath_t *dest, seL4_Word type,
                                 seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie)
{
    return fake_make(data, dest, type, size_bits, paddr, -1, cookie);
}

static void fake_utspace_free(void *data, seL4_Word type, seL4_Word size_bits, seL4_Word target)
{
    struct fake_vka *fake = data;
    fake->memory_given_back++;
    fake->last_type = type;
    fake->last_size_bits = size_bits;
    fake->last_target = target;
}

uintptr_t fake_vka_paddr(seL4_Word target, seL4_Word type, seL4_Word size_bits)
{
    return target + (type << 20) + (size_bits << 28);
}

static uintptr_t fake_utspace_paddr(void *data, seL4_Word target, seL4_Word type,
                                    seL4_Word size_bits)
{
    (void)data;
    return fake_vka_paddr(target, type, size_bits);
}

void fake_vka_init(struct fake_vka *fake)
{
    *fake = (struct fake_vka){.next_slot = FAKE_FIRST_SLOT,
                              .vka = {.data = fake,
                                      .cspace_alloc = fake_cspace_alloc,
                                      .cspace_make_path = fake_cspace_make_path,
                                      .utspace_alloc = fake_utspace_alloc,
                                      .utspace_alloc_maybe_device = fake_utspace_alloc_maybe_device,
                                      .utspace_alloc_at = fake_utspace_alloc_at,
                                      .cspace_free = fake_cspace_free,
                                      .utspace_free = fake_utspace_free,
                                      .utspace_paddr = fake_utspace_paddr}};
}
