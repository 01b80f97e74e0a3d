/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Counting invocations, and refusing them on demand. */
#include "state.h"
#include "stop.h"
#include "task.h"

static void need_boot(const char *call)
{
    if (!model.is_booted) {
        model_stop("%s() before sel4model_boot()", call);
    }
}

void sel4model_counters_get(struct sel4model_counters *counters)
{
    MODEL_ENTER_BLOCK();
    need_boot(__func__);
    *counters = model.counters;
}

void sel4model_counters_reset(void)
{
    MODEL_ENTER_BLOCK();
    need_boot(__func__);
    model.counters = (struct sel4model_counters){0};
}

unsigned long sel4model_invocations(enum sel4model_invocation kind)
{
    MODEL_ENTER_BLOCK();
    unsigned long sum = 0;
    need_boot(__func__);
    for (int i = 0; i < SEL4MODEL_INVOCATION_COUNT; i++) {
        if (kind == SEL4MODEL_ANY_INVOCATION || (int)kind == i) {
            sum += model.counters.invocations[i];
        }
    }
    return sum;
}

void sel4model_refuse(unsigned long nth, seL4_Error error)
{
    sel4model_refuse_kind(SEL4MODEL_ANY_INVOCATION, nth, error);
}

void sel4model_refuse_kind(enum sel4model_invocation kind, unsigned long nth, seL4_Error error)
{
    MODEL_ENTER_BLOCK();
    need_boot(__func__);
    if (nth != 0 && error == seL4_NoError) {
        model_stop("%s(): seL4_NoError is no refusal", __func__);
    }
    model.refusal = (struct refusal){.kind = kind, .left = nth, .error = error};
}
