/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* One invocation in a trace. */
#pragma once

#include <stdio.h>

#include "invocation.h"

enum {
    TRACE_RESULTS_MAX = 5,   /* a guard mismatch has the most words */
    TRACE_STOPPED = 0xff,    /* in place of an error: the program was stopped in this invocation */
    TRACE_UNRESOLVED = 0xff, /* in place of a kind of capability: its CPtr leads nowhere */
    TRACE_BOOT = 0xff,       /* in place of a kind: a boot, a restore; nothing follows */
    TRACE_RESTORE = 0xfe,
    TRACE_MAGIC_BYTES = 8,
    TRACE_HEADER_BYTES = 32,
};

struct trace_event {
    uint8_t kind;     /* enum sel4model_invocation, TRACE_BOOT or TRACE_RESTORE */
    uint8_t error;    /* seL4_Error or TRACE_STOPPED */
    uint8_t cap_kind; /* of the invoked capability */
    bool is_injected; /* refused by request only */
    unsigned thread;
    seL4_CPtr service;
    unsigned word_count;
    unsigned cap_count;
    unsigned result_count;
    seL4_Word words[MODEL_MESSAGE_WORDS];
    seL4_CPtr caps[MODEL_EXTRA_CAPS];
    seL4_Word results[TRACE_RESULTS_MAX];
};

/* trace.c: what the path of an invocation calls. */
extern bool model_trace_is_on; /* guarded by the lock */
void model_trace_begin(const struct invocation *call);
void model_trace_found(const struct invocation *call);
void model_trace_end(const struct invocation *call, seL4_Error error, bool is_injected);
void model_trace_mark(unsigned kind);
/* The program stops: the invocation that was under way, if any, did not come back. */
void model_trace_stopping(void);

/* trace_names.c: names of the arguments and results of a kind. */
const char *model_argument_names(unsigned kind);

/* trace_text.c: "seL4_RangeError"; print one event. */
const char *model_error_name(unsigned error);
void model_trace_print_event(const struct trace_event *event, unsigned long number, FILE *out);

/* trace_file.c: the compact form. */
void model_trace_write_header(FILE *out);
void model_trace_write_event(const struct trace_event *event, FILE *out);
