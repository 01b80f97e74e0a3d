/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// Arm: allocation functions that only this architecture has.
///
/// | name          | object                 | needs                         |
/// |---------------|------------------------|-------------------------------|
/// | vcpu          | virtual processor      | CONFIG_ARM_HYPERVISOR_SUPPORT |
/// | io_page_table | page table for devices | CONFIG_TK1_SMMU               |
///
/// Both are functions of the family that VKA_FIXED_OBJECT documents. They are there in every
/// configuration, and fail where the object is not.

#pragma once

#include <vka/object.h>

VKA_FIXED_OBJECT(vcpu, seL4_ARM_VCPUObject);
VKA_FIXED_OBJECT(io_page_table, seL4_ARM_IOPageTableObject);
