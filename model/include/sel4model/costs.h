/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// An estimate of the time that a kernel would have spent: what was counted, times weights.
///
/// The model knows what was done, not how long that takes on a board. Weights come from a file;
/// data/weights/ has one to start from, whose values are placeholders until you measure your own.
#pragma once

#include <stdio.h>

#include <sel4model/sel4model.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Weights: nanoseconds of kernel time.
struct sel4model_weights {
    char source[256]; ///< the file's own words about where its values come from
    double invocation[SEL4MODEL_INVOCATION_COUNT]; ///< ns an invocation of the kind, refused or not
    double object;                                 ///< ns an object that Retype made
    double removed_cap;    ///< ns a capability that Delete or Revoke took out of a slot
    double revoked_cap;    ///< ns more if Revoke came upon it
    double destroyed_slot; ///< ns a slot of a CNode or TCB that died: the kernel visits each
    double zeroed_byte;    ///< ns a byte of untyped memory cleared
    double cleaned_byte;   ///< ns a byte cleaned from the data cache
};

/// Read weights from a JSON file (docs/model.md describes it).
///
/// Shape:   `*weights` is overwritten iff the result is true.
/// Errors:  false iff the file cannot be read, lacks a field, or has one that is unknown, of another
///          type, or a negative number; sel4model_error() has file, field and reason, which are
///          also written to standard error.
/// Cost:    linear in the file
/// Kernel:  none
bool sel4model_weights_read(const char *path, struct sel4model_weights *weights);

/// Weigh what was counted.
///
/// Shape:   nanoseconds. The counters are those of sel4model_counters_get(), or the difference of
///          two, field by field.
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
double sel4model_cost_ns(const struct sel4model_weights *weights,
                         const struct sel4model_counters *counters);

/// Print the counters, and the time that they come to.
///
/// Shape:   a line for each kind that was invoked and for each other count that is not zero; with
///          `weights`, which may be NULL, a last line with the time.
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
void sel4model_counters_print(const struct sel4model_counters *counters,
                              const struct sel4model_weights *weights, FILE *out);

#ifdef __cplusplus
}
#endif
