/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// A vka that stands in front of another one, prints every call, and stops at the first misuse.

#pragma once

#include <vka/vka.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Fill in a vka that hands every call on to `tracee`, and watches.
///
/// One line a call goes to the kernel's debug console where it has one (CONFIG_PRINTING): the
/// function, its numbers in hex, and what came of it. Misuse by the caller or by the tracee ends
/// the program with a trap, after a line that names it. Misuse is:
///
/// - slot 0 handed out, described or given back; a path to another slot than asked for;
/// - no destination, or nowhere to put the result;
/// - an object type that this kernel does not have, made, freed or asked about.
///
/// Shape:   `tracee` does the work; it stays the caller's and must outlive `vka`. Nothing is
///          recorded between calls, so `vka` may be dropped at any time.
/// Errors:  -1 iff vka or tracee is NULL or they are the same; then nothing is written.
///          A function that the tracee lacks fails as its wrapper in vka.h does.
/// Cost:    the tracee's, and the console's for some 60 characters.
/// Kernel:  DebugPutChar, one a character, where CONFIG_PRINTING is set.
int vka_init_debugvka(vka_t *vka, vka_t *tracee);

#ifdef __cplusplus
}
#endif
