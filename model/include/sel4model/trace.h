/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// Tracing every invocation: as text, or as a compact file that is made into the same text later.
///
/// A line of text is one invocation, its number since boot first:
///
///     412 seL4_CNode_Copy(CNode 2, dest_index 421, dest_depth 64, src_index 420, src_depth 64,
///     rights 15, src_root 2) = seL4_DeleteFirst
///
/// (without the break): the invoked capability and its CPtr, the message words, the extra
/// capabilities' CPtrs, and what came of it, with the words of the error or of the result. `[1]`
/// before the name is the host thread (sel4model/threads.h); the root task is not named.
/// docs/model.md describes the compact file.
#pragma once

#include <stdio.h>

#include <sel4model/sel4model.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a trace is written.
enum sel4model_trace_form {
    SEL4MODEL_TRACE_TEXT,    ///< a line an invocation, written out at once
    SEL4MODEL_TRACE_COMPACT, ///< about 16 bytes an invocation
};

/// Trace every invocation from now on, in place of the trace there was.
///
/// The trace goes on over boots and restores, each of which leaves a mark in it, until it is stopped
/// or the program ends.
///
/// Shape:   `path` is a file, which is overwritten; "-" is standard error, for text only.
/// Errors:  false iff the file cannot be written, or the form is compact and the path "-"; the
///          reason is written to standard error. There is no trace then.
/// Cost:    text: some microseconds an invocation; compact: some tens of nanoseconds
/// Kernel:  none
bool sel4model_trace_start(enum sel4model_trace_form form, const char *path);

/// Write out what is left and close the file. Without a trace it does nothing.
///
/// Errors:  none
/// Kernel:  none
void sel4model_trace_stop(void);

/// Make text of a compact trace.
///
/// Shape:   NULL if all went well, else a constant that says why not. What could be read has been
///          printed then.
/// Errors:  not NULL iff `compact` is no compact trace, is one of another architecture or version
///          of this library, or ends within an invocation.
/// Cost:    linear in the trace
/// Kernel:  none
const char *sel4model_trace_print(FILE *compact, FILE *text);

#ifdef __cplusplus
}
#endif
