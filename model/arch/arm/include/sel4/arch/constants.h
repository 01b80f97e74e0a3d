/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Nothing that both modes of Arm have alike. */
#pragma once
