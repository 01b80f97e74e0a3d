/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The last failure, kept until the next one. */

#include <allocman/allocman.h>

#include "internal.h"

static void failure_note(allocman_t *alloc, struct allocman_failure failure)
{
    if (alloc->failure_kept) {
        return;
    }
    if (!alloc->failure_noted) {
        alloc->failure_before = alloc->failure;
    }
    alloc->failure = failure;
    alloc->failure_noted = true;
}

int am_fail(allocman_t *alloc, enum allocman_status status, seL4_Word needed, seL4_Word available)
{
    failure_note(alloc, (struct allocman_failure){.status = status,
                                                  .needed = needed,
                                                  .available = available,
                                                  .kernel_error = seL4_NoError});
    return (int)status;
}

int am_fail_slots(allocman_t *alloc, int error)
{
    return error == ALLOCMAN_NO_SLOT ? am_fail(alloc, ALLOCMAN_NO_SLOT, 1, am_free_slots(alloc))
                                     : error;
}

int am_fail_kernel(allocman_t *alloc, enum allocman_status status, seL4_Word needed,
                   seL4_Error error)
{
    failure_note(alloc, (struct allocman_failure){
                            .status = status, .needed = needed, .kernel_error = error});
    return (int)status;
}

void am_misuse_of(allocman_t *alloc, const struct allocman_misuse *misuse, seL4_Word needed,
                  seL4_Word available)
{
    alloc->counts.misuse++;
    (void)am_fail(alloc, misuse->status, needed, available);
    alloc->failure_before = (struct allocman_failure){/* stays, also when the call succeeds */
                                                      .status = misuse->status,
                                                      .needed = needed,
                                                      .available = available,
                                                      .kernel_error = seL4_NoError};
    if (alloc->report) {
        alloc->report(alloc->report_cookie, misuse);
    }
}

void am_misuse(allocman_t *alloc, const char *where, enum allocman_status status, seL4_Word operand,
               seL4_Word size)
{
    const struct allocman_misuse misuse = {status, where, operand, size};
    am_misuse_of(alloc, &misuse, operand, size);
}

const struct allocman_failure *allocman_last_failure(const allocman_t *alloc)
{
    return &alloc->failure;
}
