/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* What Frama-C 25 does not read, for Eva. Without __x86_64__ bit scans are the loops. */

#pragma once

#define __attribute__(x)
#define _Alignof(x)                          8
#define __atomic_load_n(where, order)        (*(where))
#define __atomic_store_n(where, what, order) (*(where) = (what))
#undef __x86_64__
