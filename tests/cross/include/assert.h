/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// In a seL4 project's tree, allocman.h includes it, for those who rely on that.
#pragma once

void __assert_fail(const char *text, const char *file, unsigned int line, const char *function);
#define assert(condition) ((condition) ? (void)0 : __assert_fail(#condition, __FILE__, __LINE__, __func__))
