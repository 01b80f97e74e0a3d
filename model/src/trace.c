/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Tracing invocations as they happen. */
#include "trace.h"
#include "arch.h"
#include "task.h"

#include <errno.h>
#include <string.h>

#include <sel4model/trace.h>

bool model_trace_is_on;

/* Guarded by the lock, as all of the model. It outlives the booted kernel. */
static struct {
    FILE *file;
    enum sel4model_trace_form form;
    unsigned long number; /* of the last invocation since boot */
    bool is_under_way;    /* `event` is that of an invocation that has not come back */
    struct trace_event event;
} trace;

static void emit(void)
{
    if (trace.form == SEL4MODEL_TRACE_COMPACT) {
        model_trace_write_event(&trace.event, trace.file);
    } else {
        model_trace_print_event(&trace.event, trace.number, trace.file);
    }
}

/* The words that the kernel leaves with an error. */
static unsigned error_words(seL4_Error error, const seL4_Word *mr)
{
    static const uint8_t lookup_words[] = {[seL4_InvalidRoot] = 2,
                                           [seL4_MissingCapability] = 3,
                                           [seL4_DepthMismatch] = 4,
                                           [seL4_GuardMismatch] = 5};
    switch (error) {
    case seL4_InvalidArgument:
    case seL4_InvalidCapability:
    case seL4_NotEnoughMemory:
        return 1;
    case seL4_RangeError:
        return 2;
    case seL4_FailedLookup:
        return mr[1] < sizeof(lookup_words) ? lookup_words[mr[1]] : 2;
    default:
        return 0;
    }
}

void model_trace_begin(const struct invocation *call)
{
    struct trace_event *const event = &trace.event;
    trace.number++;
    trace.is_under_way = true;
    *event = (struct trace_event){.kind = (uint8_t)call->kind,
                                  .error = TRACE_STOPPED,
                                  .cap_kind = TRACE_UNRESOLVED,
                                  .thread = model_task_number(),
                                  .service = call->service,
                                  .cap_count = call->cap_count};
    event->word_count = call->length < MODEL_MESSAGE_WORDS ? call->length : MODEL_MESSAGE_WORDS;
    memcpy(event->words, call->mr, sizeof(event->words));
    memcpy(event->caps, call->caps, sizeof(event->caps));
}

void model_trace_found(const struct invocation *call)
{
    trace.event.cap_kind = call->slot->cap.kind;
}

void model_trace_end(const struct invocation *call, seL4_Error error, bool is_injected)
{
    struct trace_event *const event = &trace.event;
    const bool has_result = strchr(model_argument_names(event->kind), '=') != NULL;
    trace.is_under_way = false;
    event->error = (uint8_t)error;
    event->is_injected = is_injected;
    event->result_count = error != seL4_NoError ? error_words(error, call->mr) : has_result;
    memcpy(event->results, call->mr, sizeof(event->results));
    emit();
}

void model_trace_mark(unsigned kind)
{
    trace.number = 0;
    if (model_trace_is_on) {
        trace.event = (struct trace_event){.kind = (uint8_t)kind};
        emit();
    }
}

void model_trace_stopping(void)
{
    if (model_trace_is_on && trace.is_under_way) {
        emit();
    }
    if (model_trace_is_on) {
        fflush(trace.file);
    }
}

static void close_file(void)
{
    if (model_trace_is_on && trace.file != stderr) {
        fclose(trace.file);
    }
    model_trace_is_on = false;
}

/* Null after a message. */
static FILE *open_file(enum sel4model_trace_form form, const char *path)
{
    const bool is_stderr = strcmp(path, "-") == 0;
    if (is_stderr && form == SEL4MODEL_TRACE_COMPACT) {
        fputs("sel4model: a compact trace needs a file\n", stderr);
        return NULL;
    }
    FILE *const file = is_stderr ? stderr : fopen(path, "w");
    if (file == NULL) {
        fprintf(stderr, "sel4model: trace: %s: %s\n", path, strerror(errno));
    }
    return file;
}

bool sel4model_trace_start(enum sel4model_trace_form form, const char *path)
{
    MODEL_ENTER_BLOCK();
    close_file();
    FILE *const file = open_file(form, path);
    if (file == NULL) {
        return false;
    }
    trace.file = file;
    trace.form = form;
    trace.number = 0;
    trace.is_under_way = false;
    model_trace_is_on = true;
    if (form == SEL4MODEL_TRACE_COMPACT) {
        model_trace_write_header(file);
    } else {
        setvbuf(file, NULL, _IOLBF, 0); /* what was done is there, whatever happens next */
    }
    return true;
}

void sel4model_trace_stop(void)
{
    MODEL_ENTER_BLOCK();
    close_file();
}
