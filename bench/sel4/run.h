/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#include <sel4model/sel4model.h>
#include <stdbool.h>

/* All of it, on a kernel, real or modelled; `record`, and what of it is replaced, are for the modelled
 * one. False iff something could not be finished, and what that is has been said. */
bool run_all(const char *record, struct sel4model_options boot);
