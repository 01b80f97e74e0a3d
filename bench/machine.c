/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "machine.h"

#include <allocman/vka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAILURE_TEXT_BYTES 160

struct machine_config machine_config_default(const char *record)
{
    return (struct machine_config){.record = record,
                                   .static_pool_bytes = MACHINE_STATIC_POOL_BYTES,
                                   .virtual_pool_bytes = MACHINE_VIRTUAL_POOL_BYTES};
}

uint64_t machine_ram_bytes(const seL4_BootInfo *boot_info)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < boot_info->untyped.end - boot_info->untyped.start; i++) {
        const seL4_UntypedDesc *const untyped = &boot_info->untypedList[i];
        bytes += untyped->isDevice ? 0 : UINT64_C(1) << untyped->sizeBits;
    }
    return bytes;
}

static const struct bootstrap_managers *managers(const struct machine *machine)
{
    return (const struct bootstrap_managers *)(const void *)machine->alloc;
}

static struct usage usage_now(const struct machine *machine)
{
    const struct bootstrap_managers *const m = managers(machine);
    const struct allocman_slot_map *const map = &m->cspace.map;
    const struct book_pages *const fixed = &m->mspace.fixed_pool.pages;
    struct usage usage = {
        .own_slots = (size_t)(map->end - map->first) - map->free_count - machine->caller_slots,
        .book_bytes = fixed->used_bytes,
        .book_page_bytes = fixed->page_bytes,
    };
    if (m->mspace.have_virtual_pool) {
        usage.book_bytes += m->mspace.virtual_pool.pages.used_bytes;
        usage.book_page_bytes += m->mspace.virtual_pool.pages.page_bytes;
    }
    return usage;
}

static bool virtual_pool_attach(struct machine *machine, size_t bytes)
{
    void *const vstart = sel4model_free_vaddr(bytes);
    if (!vstart) {
        fprintf(stderr, "bench: the host has no %zu bytes of addresses for the virtual pool\n",
                bytes);
        return false;
    }
    bootstrap_configure_virtual_pool(machine->alloc, vstart, bytes, seL4_CapInitThreadVSpace);
    if (allocman_last_failure(machine->alloc)->status != ALLOCMAN_OK) {
        fprintf(stderr, "bench: no virtual pool: %s\n", machine_failure(machine));
        return false;
    }
    return true;
}

bool machine_start(struct machine *machine, const struct machine_config *config)
{
    memset(machine, 0, sizeof(*machine));
    machine->boot_info = sel4model_boot_with(config->record, &config->boot);
    if (!machine->boot_info) {
        return false; /* the model has said why */
    }
    machine->ram_bytes = machine_ram_bytes(machine->boot_info);
    const unsigned radix_bits = config->new_cspace_bits;
    const size_t needed = radix_bits ? bootstrap_new_pool_bytes(machine->boot_info, radix_bits, 0)
                                     : bootstrap_pool_bytes(machine->boot_info);
    const size_t bytes = config->static_pool_bytes > needed ? config->static_pool_bytes : needed;
    machine->static_pool = malloc(bytes);
    if (!machine->static_pool) {
        fprintf(stderr, "bench: the host has no memory for a static pool\n");
        return false;
    }
    struct allocman_failure why;
    machine->alloc =
        radix_bits
            ? bootstrap_new_1level_bootinfo_why(machine->boot_info, radix_bits, bytes,
                                                machine->static_pool, NULL, &why)
            : bootstrap_use_bootinfo_why(machine->boot_info, bytes, machine->static_pool, &why);
    if (!machine->alloc) {
        char text[FAILURE_TEXT_BYTES];
        fprintf(stderr, "bench: no bootstrap: %s\n",
                allocman_failure_text(&why, text, sizeof(text)));
        return false;
    }
    allocman_make_vka(&machine->vka, machine->alloc);
    if (config->virtual_pool_bytes > 0 &&
        !virtual_pool_attach(machine, config->virtual_pool_bytes)) {
        return false;
    }
    machine->start = usage_now(machine);
    machine->peak = machine->start;
    return true;
}

void machine_stop(struct machine *machine)
{
    if (machine->boot_info) {
        sel4model_shutdown();
    }
    free(machine->static_pool);
    memset(machine, 0, sizeof(*machine));
}

static void raise_to(size_t *peak, size_t now)
{
    *peak = now > *peak ? now : *peak;
}

void machine_sample(struct machine *machine)
{
    const struct usage now = usage_now(machine);
    raise_to(&machine->peak.own_slots, now.own_slots);
    raise_to(&machine->peak.book_bytes, now.book_bytes);
    raise_to(&machine->peak.book_page_bytes, now.book_page_bytes);
}

/* Nothing is negative: what is held now may be less than at the start. */
static size_t excess(size_t now, size_t start)
{
    return now > start ? now - start : 0;
}

static struct usage usage_since(const struct usage *start, const struct usage *now)
{
    return (struct usage){.own_slots = excess(now->own_slots, start->own_slots),
                          .book_bytes = excess(now->book_bytes, start->book_bytes),
                          .book_page_bytes = excess(now->book_page_bytes, start->book_page_bytes)};
}

struct usage machine_usage(const struct machine *machine)
{
    const struct usage now = usage_now(machine);
    return usage_since(&machine->start, &now);
}

struct usage machine_usage_peak(const struct machine *machine)
{
    return usage_since(&machine->start, &machine->peak);
}

const char *machine_failure(const struct machine *machine)
{
    static char text[FAILURE_TEXT_BYTES];
    return allocman_failure_text(allocman_last_failure(machine->alloc), text, sizeof(text));
}

struct machine_counts machine_counts(const struct machine *machine)
{
    const struct bootstrap_managers *const m = managers(machine);
    struct machine_counts counts = {.splits = m->utspace.totals.splits,
                                    .merges = m->utspace.totals.merges,
                                    .growths = m->allocman.counts.growths,
                                    .calls = machine->calls,
                                    .steps = machine->steps,
                                    .kernel_steps = steps_kernel()};
    sel4model_counters_get(&counts.kernel);
    return counts;
}

uint64_t machine_invocations_between(const struct machine_counts *from,
                                     const struct machine_counts *to)
{
    uint64_t invocations = 0;
    for (size_t kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        invocations += to->kernel.invocations[kind] - from->kernel.invocations[kind];
    }
    return invocations;
}
