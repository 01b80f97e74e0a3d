/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The modelled kernel is built without benchmarking: nothing here. */
#pragma once
