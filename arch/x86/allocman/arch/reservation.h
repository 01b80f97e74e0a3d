/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#include <allocman/sel4_arch/reservation.h>
