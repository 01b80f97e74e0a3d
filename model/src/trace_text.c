/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* An invocation as a line for people. */
#include "arch.h"
#include "trace.h"

#include <string.h>

static const char *cap_name(unsigned kind)
{
    static const char *const names[SEL4MODEL_CAP_KIND_COUNT] = {
        [CAP_NULL] = "empty",
        [CAP_UNTYPED] = "untyped",
        [CAP_ENDPOINT] = "endpoint",
        [CAP_NOTIFICATION] = "notification",
        [CAP_REPLY] = "reply",
        [CAP_CNODE] = "CNode",
        [CAP_TCB] = "TCB",
        [CAP_IRQ_CONTROL] = "IRQControl",
        [CAP_IRQ_HANDLER] = "IRQHandler",
        [CAP_ZOMBIE] = "zombie",
        [CAP_DOMAIN] = "DomainSet",
        [CAP_SCHED_CONTEXT] = "SchedContext",
        [CAP_SCHED_CONTROL] = "SchedControl",
        [CAP_FRAME] = "frame",
        [CAP_PAGE_TABLE] = "paging structure",
        [CAP_VSPACE] = "VSpace",
        [CAP_ASID_CONTROL] = "ASIDControl",
        [CAP_ASID_POOL] = "ASIDPool",
        [CAP_IO_PORT_CONTROL] = "IOPortControl",
        [CAP_IO_PORT] = "IOPort",
        [CAP_SGI_SIGNAL] = "SGISignal",
        [CAP_VCPU] = "VCPU",
    };
    return kind < SEL4MODEL_CAP_KIND_COUNT && names[kind] != NULL ? names[kind] : "unresolved";
}

const char *model_error_name(unsigned error)
{
    static const char *const names[seL4_NumErrors] = {
        [seL4_NoError] = "ok",
        [seL4_InvalidArgument] = "seL4_InvalidArgument",
        [seL4_InvalidCapability] = "seL4_InvalidCapability",
        [seL4_IllegalOperation] = "seL4_IllegalOperation",
        [seL4_RangeError] = "seL4_RangeError",
        [seL4_AlignmentError] = "seL4_AlignmentError",
        [seL4_FailedLookup] = "seL4_FailedLookup",
        [seL4_TruncatedMessage] = "seL4_TruncatedMessage",
        [seL4_DeleteFirst] = "seL4_DeleteFirst",
        [seL4_RevokeFirst] = "seL4_RevokeFirst",
        [seL4_NotEnoughMemory] = "seL4_NotEnoughMemory",
    };
    return error < seL4_NumErrors ? names[error] : "?";
}

/* Slots and counts as people count; what is longer is an address or a pattern. */
static void print_word(FILE *out, seL4_Word word)
{
    fprintf(out, word < 1u << 20 ? "%llu" : "0x%llx", (unsigned long long)word);
}

/* The next name of a list; null at its end, or before a '='. */
static const char *next_name(const char **names, int *length)
{
    *names += strspn(*names, " ");
    const char *const name = *names;
    *length = (int)strcspn(name, " ");
    *names += *length;
    return *length == 0 || *name == '=' ? NULL : name;
}

/* What Retype is told to make. */
static void print_type(FILE *out, seL4_Word type)
{
    static const char *const names[seL4_NonArchObjectTypeCount] = {
        [seL4_UntypedObject] = "untyped",
        [seL4_TCBObject] = "TCB",
        [seL4_EndpointObject] = "endpoint",
        [seL4_NotificationObject] = "notification",
        [seL4_CapTableObject] = "CNode",
#ifdef CONFIG_KERNEL_MCS
        [seL4_SchedContextObject] = "SchedContext",
        [seL4_ReplyObject] = "reply",
#endif
    };
    if (type < seL4_NonArchObjectTypeCount) {
        fprintf(out, " (%s)", names[type]);
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    } else if (type == seL4_ARM_VCPUObject) {
        fputs(" (VCPU)", out);
#endif
    } else if (type < seL4_ObjectTypeCount) {
        fprintf(out, " (%s of 2^%u bytes)", arch_is_frame_type(type) ? "frame" : "paging structure",
                arch_object_size_bits(type));
    }
}

static void print_argument(FILE *out, const char *name, int length, unsigned number,
                           seL4_Word value)
{
    if (name == NULL) {
        fprintf(out, ", argument %u ", number);
    } else {
        fprintf(out, ", %.*s ", length, name);
    }
    print_word(out, value);
}

static void print_arguments(FILE *out, const struct trace_event *event, const char **names)
{
    int length = 0;
    for (unsigned i = 0; i < event->word_count; i++) {
        const char *const name = next_name(names, &length);
        print_argument(out, name, length, i, event->words[i]);
        if (event->kind == SEL4MODEL_Untyped_Retype && i == 0) {
            print_type(out, event->words[i]);
        }
    }
    for (unsigned i = 0; i < event->cap_count; i++) {
        const char *const name = next_name(names, &length);
        print_argument(out, name, length, event->word_count + i, event->caps[i]);
    }
}

static void print_lookup_failure(FILE *out, const seL4_Word *words)
{
    static const char *const failures[] = {
        [seL4_InvalidRoot] = "invalid root",
        [seL4_MissingCapability] = "missing capability",
        [seL4_DepthMismatch] = "depth mismatch",
        [seL4_GuardMismatch] = "guard mismatch",
    };
    const unsigned long long left = words[2];
    const seL4_Word failure = words[1];
    fprintf(out, ": %s", words[0] != 0 ? "source: " : "");
    if (failure < seL4_InvalidRoot || failure > seL4_GuardMismatch) {
        fprintf(out, "failure %llu", (unsigned long long)failure);
        return;
    }
    fputs(failures[failure], out);
    if (failure != seL4_InvalidRoot) {
        fprintf(out, ", %llu bits left", left);
    }
    if (failure == seL4_DepthMismatch) {
        fprintf(out, ", %llu bits found", (unsigned long long)words[3]);
    } else if (failure == seL4_GuardMismatch) {
        fprintf(out, ", guard 0x%llx of %llu bits found", (unsigned long long)words[3],
                (unsigned long long)words[4]);
    }
}

static void print_error_words(FILE *out, const struct trace_event *event)
{
    const unsigned long long first = event->results[0];
    switch (event->error) {
    case seL4_InvalidArgument:
        fprintf(out, ": argument %llu", first);
        break;
    case seL4_InvalidCapability:
        fprintf(out, ": capability %llu", first);
        break;
    case seL4_RangeError:
        fputs(": ", out);
        print_word(out, event->results[0]);
        fputs(" to ", out);
        print_word(out, event->results[1]);
        break;
    case seL4_NotEnoughMemory:
        fprintf(out, ": %llu bytes left", first);
        break;
    case seL4_FailedLookup:
        print_lookup_failure(out, event->results);
        break;
    default:
        break;
    }
}

static void print_result(FILE *out, const struct trace_event *event, const char *names)
{
    int length = 0;
    if (event->error == TRACE_STOPPED) {
        fputs(" stops the program", out);
        return;
    }
    fprintf(out, " = %s", model_error_name(event->error));
    if (event->error != seL4_NoError) {
        print_error_words(out, event);
    } else if (event->result_count != 0) {
        names = strchr(names, '=');
        names = names == NULL ? "" : names + 1;
        const char *const name = next_name(&names, &length);
        print_argument(out, name, length, 0, event->results[0]);
    }
    if (event->is_injected) {
        fputs(" (refused by request)", out);
    }
}

void model_trace_print_event(const struct trace_event *event, unsigned long number, FILE *out)
{
    if (event->kind >= SEL4MODEL_INVOCATION_COUNT) {
        fputs(event->kind == TRACE_BOOT ? "boot\n" : "restore\n", out);
        return;
    }
    const char *names = model_argument_names(event->kind);
    fprintf(out, "%lu ", number);
    if (event->thread != 0) {
        fprintf(out, "[%u] ", event->thread);
    }
    fprintf(out, "seL4_%s(%s ", sel4model_invocation_name((enum sel4model_invocation)event->kind),
            cap_name(event->cap_kind));
    print_word(out, event->service);
    print_arguments(out, event, &names);
    fputc(')', out);
    print_result(out, event, names);
    fputc('\n', out);
}
