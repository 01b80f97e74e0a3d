/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/cspace/simple1level.h>
#include <allocman/status.h>

void cspace_simple1level_create(cspace_simple1level_t *cspace,
                                struct cspace_simple1level_config config)
{
    *cspace = (cspace_simple1level_t){.config = config, .current_slot = config.first_slot};
}

int _cspace_simple1level_alloc(struct allocman *alloc, void *_cspace, cspacepath_t *slot)
{
    (void)alloc;
    cspace_simple1level_t *const cspace = _cspace;
    if (cspace->current_slot >= cspace->config.end_slot) {
        return ALLOCMAN_NO_SLOT;
    }
    *slot = _cspace_simple1level_make_path(cspace, cspace->current_slot);
    cspace->current_slot++;
    return ALLOCMAN_OK;
}

void _cspace_simple1level_free(struct allocman *alloc, void *_cspace, const cspacepath_t *slot)
{
    (void)alloc;
    (void)_cspace;
    (void)slot;
}
