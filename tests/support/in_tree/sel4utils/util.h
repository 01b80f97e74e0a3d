/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Stands in for libsel4utils: this library uses nothing of it, its users do.
#pragma once
