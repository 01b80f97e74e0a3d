/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Where a sanitizer makes everything slow, one in SAMPLE of what other builds look at in full.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define SAMPLE 13u
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SAMPLE 13u
#endif
#endif
#ifndef SAMPLE
#define SAMPLE 1u
#endif
