/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Ending the program where a real kernel would stop the thread, or where the model ends. */
#pragma once

/* Print "sel4model: " and the message to standard error, and abort. */
void model_stop(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* The same for a call that the model does not have. */
void model_unsupported(const char *call) __attribute__((noreturn));
