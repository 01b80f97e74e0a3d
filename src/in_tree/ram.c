/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "ram.h"

#include "../bits.h"

#define GRANULE (UINT64_C(1) << seL4_MinUntypedBits)

/* Put a range where it belongs among `count` that are sorted by their start. */
static void range_insert(struct am_ram *ram, size_t count, struct am_ram range)
{
    size_t i = count;
    for (; i > 0 && ram[i - 1].first > range.first; i--) {
        ram[i] = ram[i - 1];
    }
    ram[i] = range;
}

/* Join ranges that overlap or touch; they are sorted by their start. */
static size_t ranges_join(struct am_ram *ram, size_t count)
{
    size_t joined = 0;
    for (size_t i = 0; i < count; i++) {
        struct am_ram *const before = joined ? &ram[joined - 1] : NULL;
        if (before && (before->last == UINT64_MAX || ram[i].first <= before->last + 1)) {
            before->last = ram[i].last > before->last ? ram[i].last : before->last;
        } else {
            ram[joined++] = ram[i];
        }
    }
    return joined;
}

/* Round every range to whole granules, inward; drop what is less than one. */
static size_t ranges_round(struct am_ram *ram, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t lost = (GRANULE - ram[i].first % GRANULE) % GRANULE;
        const uint64_t rest =
            (ram[i].last % GRANULE + 1) % GRANULE; /* bytes of the last, if not all */
        if (ram[i].last - ram[i].first >= lost + rest) {
            ram[kept++] = (struct am_ram){ram[i].first + lost, ram[i].last - rest};
        }
    }
    return kept;
}

size_t am_ram_ranges(struct am_ram *ram, const pmem_region_t *regions, size_t count)
{
    size_t ranges = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t first = regions[i].base_addr;
        const uint64_t last = first + (regions[i].length - 1);
        if (regions[i].type == PMEM_TYPE_RAM && regions[i].length) {
            range_insert(ram, ranges++, (struct am_ram){first, last < first ? UINT64_MAX : last});
        }
    }
    return ranges_round(ram, ranges_join(ram, ranges));
}

struct am_ram_piece am_ram_piece(const struct am_ram *ram, size_t count, uint64_t base,
                                 unsigned bits, uint64_t at)
{
    const uint64_t from = base + at;
    uint64_t last = base + am_mask(bits); /* of what is RAM, or is not, from here on */
    size_t i = 0;
    while (i < count && ram[i].last < from) {
        i++;
    }
    const bool is_ram = i < count && ram[i].first <= from;
    if (is_ram && ram[i].last < last) {
        last = ram[i].last;
    } else if (!is_ram && i < count && ram[i].first <= last) {
        last = ram[i].first - 1;
    }
    unsigned piece_bits = at ? am_lowest(at) : bits;
    if (am_mask(piece_bits) > last - from) {
        piece_bits = am_highest(last - from + 1);
    }
    return (struct am_ram_piece){.bits = piece_bits, .is_ram = is_ram};
}
