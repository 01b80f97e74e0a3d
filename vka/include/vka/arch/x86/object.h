/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// x86: allocation functions that only this architecture has.
///
/// | name                             | object                             | needs        |
/// |----------------------------------|------------------------------------|--------------|
/// | pdpt                             | page table, level below the top    | x86_64       |
/// | io_page_table                    | page table for devices             | CONFIG_IOMMU |
/// | vcpu                             | virtual processor                  | CONFIG_VTX   |
/// | ept_pml4                         | guest page table, top level        | CONFIG_VTX   |
/// | ept_pdpt                         | guest page table, below the top    | CONFIG_VTX   |
/// | ept_page_directory_pointer_table | the same                           | CONFIG_VTX   |
/// | ept_page_directory               | guest page table, above the lowest | CONFIG_VTX   |
/// | ept_page_table                   | guest page table, lowest level     | CONFIG_VTX   |
///
/// All are functions of the family that VKA_FIXED_OBJECT documents. They are there in every
/// configuration, and fail where the object is not.

#pragma once

#include <vka/object.h>

VKA_FIXED_OBJECT(pdpt, seL4_IA32_PDPTObject);
VKA_FIXED_OBJECT(io_page_table, seL4_X86_IOPageTableObject);
VKA_FIXED_OBJECT(vcpu, seL4_X86_VCPUObject);
VKA_FIXED_OBJECT(ept_pml4, seL4_X86_EPTPML4Object);
VKA_FIXED_OBJECT(ept_pdpt, seL4_X86_EPTPDPTObject);
VKA_FIXED_OBJECT(ept_page_directory_pointer_table, seL4_X86_EPTPDPTObject);
VKA_FIXED_OBJECT(ept_page_directory, seL4_X86_EPTPDObject);
VKA_FIXED_OBJECT(ept_page_table, seL4_X86_EPTPTObject);
