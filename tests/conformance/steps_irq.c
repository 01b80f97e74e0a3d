/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Capabilities to interrupts. None ever arrives.
#include "stream_arch.h"

// What the kernel calls them is learned from the first one there is.
static void issue(struct stream *stream)
{
    const seL4_CPtr slot = stream_pick(stream, KIND_NULL);
    const struct place dest = stream_place(stream, slot);
    const bool was_empty = stream_kind(stream, slot) == KIND_NULL;
    if (arch_issue_irq(stream, dest) && was_empty && stream->tags[KIND_IRQ] == 0) {
        stream->tags[KIND_IRQ] = seL4_DebugCapIdentify(slot);
    }
}

void step_irq(struct stream *stream)
{
    if (rng_percent(&stream->rng, 60)) {
        issue(stream);
        return;
    }
    const seL4_CPtr handler = stream_service(stream, KIND_IRQ);
    const seL4_CPtr notification = stream_aim(stream, KIND_NOTIFICATION);
    switch (rng_below(&stream->rng, 4)) {
    case 0:
    case 1:
        STREAM_BEGIN(stream, "IRQHandler_SetNotification", handler, notification);
        stream_finish(stream, seL4_IRQHandler_SetNotification(handler, notification));
        return;
    case 2:
        STREAM_BEGIN(stream, "IRQHandler_Ack", handler);
        stream_finish(stream, seL4_IRQHandler_Ack(handler));
        return;
    default:
        STREAM_BEGIN(stream, "IRQHandler_Clear", handler);
        stream_finish(stream, seL4_IRQHandler_Clear(handler));
        return;
    }
}
