/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Switches in the environment (sel4model/sel4model.h lists them). */
#pragma once

#include "state.h"

/* Read and check all of them before a boot. False: sel4model_error() has the reason. */
bool model_environment_check(void);
/* Open the files that they name, once a program. False as above: one cannot be written. */
bool model_environment_start(void);
/* Switch on in the kernel that has just booted what they ask for. */
void model_environment_apply(void);
/* Print the counters of the booted kernel, if that was asked for: when it goes down, or the program
 * ends or is stopped. */
void model_environment_report(void);
/* The record that is named there; null: none. */
const char *model_environment_record(void);
