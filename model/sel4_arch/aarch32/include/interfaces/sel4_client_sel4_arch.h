/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Invocations that only aarch32 has; included by sel4_client.h. */
#pragma once

seL4_Error seL4_ARM_PageDirectory_Clean_Data(seL4_ARM_PageDirectory _service, seL4_Word start,
                                             seL4_Word end);
seL4_Error seL4_ARM_PageDirectory_Invalidate_Data(seL4_ARM_PageDirectory _service, seL4_Word start,
                                                  seL4_Word end);
seL4_Error seL4_ARM_PageDirectory_CleanInvalidate_Data(seL4_ARM_PageDirectory _service,
                                                       seL4_Word start, seL4_Word end);
seL4_Error seL4_ARM_PageDirectory_Unify_Instruction(seL4_ARM_PageDirectory _service,
                                                    seL4_Word start, seL4_Word end);
