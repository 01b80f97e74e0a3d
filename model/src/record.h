/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* A boot record: what a real kernel told its root task, read from a file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sel4model/sel4model.h>

struct record_untyped {
    uint64_t paddr;
    unsigned size_bits;
    bool is_device;
};

struct record {
    seL4_Word node_id;
    seL4_Word num_nodes;
    seL4_Word init_thread_cnode_size_bits;
    seL4_Word init_thread_domain;
    seL4_Word extra_len;
    seL4_SlotRegion empty;
    seL4_SlotRegion shared_frames;
    seL4_SlotRegion user_image_frames;
    seL4_SlotRegion user_image_paging;
    seL4_SlotRegion io_space_caps;
    seL4_SlotRegion extra_bi_pages;
    seL4_SlotRegion schedcontrol;
    seL4_SlotRegion untyped;
    size_t untyped_count;
    struct record_untyped untypeds[CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS];
};

/* Read and check a record, with the options applied. False: sel4model_error() has the reason, and
 * it has been written to standard error. */
bool model_record_read(struct record *record, const char *path,
                       const struct sel4model_options *options);

/* Load a JSON file; null after a rejection. */
struct json_t *model_record_load(const char *path);

/* Reject a record: "<path>: <field>: <reason>". Always false. */
bool model_record_reject(const char *path, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
