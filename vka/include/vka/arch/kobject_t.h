/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// kobject_t.h by another name; it brings the architecture's kobjects along with the others.

#pragma once

#include <vka/kobject_t.h>
