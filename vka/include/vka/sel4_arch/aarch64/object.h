/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// aarch64: allocation functions under the names that older kernels had for the levels.
///
/// | name                  | object                                                          |
/// |-----------------------|-----------------------------------------------------------------|
/// | page_global_directory | the top of four levels; fails where there are only three        |
/// | page_upper_directory  | the level below that; the top where there are only three        |
///
/// Both are functions of the family that VKA_FIXED_OBJECT documents; object_types.h beside this
/// file says which object they make in which configuration.

#pragma once

#include <vka/object.h>

VKA_FIXED_OBJECT(page_global_directory, VKA_GLOBAL_DIRECTORY_TYPE);
VKA_FIXED_OBJECT(page_upper_directory, VKA_UPPER_DIRECTORY_TYPE);
