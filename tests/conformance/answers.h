/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The answers to the stream, as text: what is recorded of a real kernel and compared with the model's.
// README.md has the format.
#pragma once

#include "stream.h"

// Run the stream with every seed, in one boot, and print all answers. False: an untyped is missing.
bool answers_run(struct stream *stream, const seL4_BootInfo *bootinfo);
