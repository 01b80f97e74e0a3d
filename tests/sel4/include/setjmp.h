/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Tests include it because cmocka's header wants it; this one's does not.
#pragma once
