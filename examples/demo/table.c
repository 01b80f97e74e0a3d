/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "table.h"

#include <stdio.h>
#include <unistd.h>
#include <sel4model/sel4model.h>

#include "demo.h"
#include "text.h"

struct table_row table_row_of(const struct demo *demo, const char *phase)
{
    const struct bootstrap_managers *const managers = demo->managers;
    const size_t slots = (size_t)(demo->bi->empty.end - demo->bi->empty.start);
    return (struct table_row){
        .phase = phase,
        .objects = demo->objects.count,
        .slots = slots - managers->cspace.map.free_count,
        .book_bytes = managers->mspace.fixed_pool.pages.used_bytes +
                      managers->mspace.virtual_pool.pages.used_bytes,
        .free_bytes = managers->utspace.totals.free_bytes[ALLOCMAN_UT_KERNEL],
        .largest_bits = utspace_split_largest_free_bits(&managers->utspace, ALLOCMAN_UT_KERNEL),
        .invocations = sel4model_invocations(SEL4MODEL_ANY_INVOCATION),
    };
}

void table_print_head(void)
{
    printf("%-13s %9s %9s %11s %13s %9s %12s\n", "phase", "objects", "slots", "book bytes",
           "untyped free", "largest", "invocations");
}

void table_print_row(const struct table_row *row)
{
    const struct text largest =
        row->largest_bits ? text_bytes(UINT64_C(1) << row->largest_bits) : (struct text){"none"};
    const char *const bold = isatty(STDOUT_FILENO) ? "\033[1m" : "";
    printf("%s%-13s %9s %9s %11s %13s %9s %12s%s\n", bold, row->phase, text_count(row->objects).s,
           text_count(row->slots).s, text_count(row->book_bytes).s, text_bytes(row->free_bytes).s,
           largest.s, text_count(row->invocations).s, *bold ? "\033[0m" : "");
}
