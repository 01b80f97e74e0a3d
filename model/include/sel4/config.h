/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Every other header gets the CONFIG_ macros from here. */
#pragma once

#include <autoconf.h>
