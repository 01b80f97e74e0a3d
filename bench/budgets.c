/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The budgets of DESIGN.md section 9, and nowhere else. What is not listed has none: it is shown
 * for orientation. */

#include "budgets.h"

#include <sel4/sel4.h>

#define AT_MOST(bound)              BUDGET_AT_MOST, (bound), NULL, false, false
#define AT_LEAST(bound)             BUDGET_AT_LEAST, (bound), NULL, false, false
#define AT_MOST_HERE(bound)         BUDGET_AT_MOST, (bound), NULL, true, false
#define AT_LEAST_HERE(bound)        BUDGET_AT_LEAST, (bound), NULL, true, false
#define AT_MOST_OF(times, base)     BUDGET_AT_MOST, (times), (base), false, false
#define AT_LEAST_OF(base)           AT_LEAST_TIMES(1, (base))
#define AT_LEAST_TIMES(times, base) BUDGET_AT_LEAST, (times), (base), false, false
#define ABOUT_OF(times, base)       BUDGET_AT_MOST, (times), (base), false, true
#define ABOUT(bound)                BUDGET_AT_MOST, (bound), NULL, false, true
#define ABOUT_AT_LEAST(bound)       BUDGET_AT_LEAST, (bound), NULL, false, true
#define SAME_AS(base)               BUDGET_SAME, 1, (base), false, false

/* What is another figure on other machines, and why: docs/performance.md. */
#if defined(CONFIG_ARCH_IA32) || defined(CONFIG_ARCH_RISCV32)
#define W9_FRAMES_PER_SLOT 0.477 /* 256 slots stand ready for book memory's frames */
#else
#define W9_FRAMES_PER_SLOT 0.48
#endif
#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS)
#define LARGEST_BITS 27
#else
#define LARGEST_BITS                                                                               \
    0 /* the largest that the machine has; what is there afterwards must be as large */
#endif

#if defined(CONFIG_ARCH_AARCH64)
#define W6_FEWER 2 /* of 261,034 */
#elif defined(CONFIG_ARCH_RISCV64)
#define W6_FEWER 8 /* of a million */
#else
#define W6_FEWER 0
#endif
#if defined(CONFIG_ARCH_RISCV64)
#define LIMITED_ZEROED_BYTES                                                                       \
    ((1 << 16) + (1 << 12)) /* and a page of book memory in the same call */
#else
#define LIMITED_ZEROED_BYTES (1 << 16)
#endif

const struct budget budgets[] = {
    {"W1", "invocations_per_pair", AT_MOST(2.00)},

    {"W1s", "invocations_per_pair_mean", AT_MOST(2.00)},
    {"W1s", "invocations_per_pair_worst", AT_MOST(2.01)},

    {"W2", "invocations_per_alloc", AT_MOST(1.03)},
    {"W2", "invocations_per_free", AT_MOST(1.03)},
    {"W2", "own_slots_per_object", AT_MOST(1.07)},
    {"W2", "book_bytes_per_object", AT_MOST(3)},
    {"W2", "user_instructions_alloc_median", ABOUT(250)},
    {"W2", "user_instructions_free_median", ABOUT(200)},

    {"W3", "invocations_per_free", AT_MOST(1.03)},
    {"W3", "user_instructions_free_median", ABOUT(200)},

    {"W4", "invocations_per_op", AT_MOST(1.08)},

    {"W5", "invocations_per_alloc", AT_MOST(1.02)},
    {"W5", "invocations_per_free", AT_MOST(1.02)},
    {"W5", "own_slots_per_object", AT_MOST(1.03)},
    {"W5", "book_bytes_per_object", AT_MOST(2)},

    {"W6", "ram_share", AT_LEAST_HERE(0.995)},
    {"W6", "later_rounds_fewer", AT_MOST(W6_FEWER)},
    {"W6", "largest_before_bits", AT_LEAST_HERE(LARGEST_BITS)},
    {"W6", "largest_after_bits", AT_LEAST_OF("largest_before_bits")},

    {"W7", "count_after", SAME_AS("count_fresh")},

    {"W8", "invocations_per_op", AT_MOST(1.01)},
    {"W8", "own_slots_per_object", AT_MOST(1.4)},
    {"W8", "book_bytes_per_object", AT_MOST(10)},
    {"W8", "zeroed_bytes_per_byte", AT_MOST_HERE(1.1)},

    {"W9", "frames_per_free_slot", AT_LEAST_HERE(W9_FRAMES_PER_SLOT)},

    {"W10", "book_bytes_per_object_10e6", AT_MOST(2)},
    {"W10", "user_instructions_alloc_median_10e7",
     ABOUT_OF(1.2, "user_instructions_alloc_median_10e3")},
    {"W10", "user_instructions_free_median_10e7",
     ABOUT_OF(1.2, "user_instructions_free_median_10e3")},

    {"W11-50", "only_we_refuse", AT_MOST(0)},
    {"W11-50", "large_blocks", AT_LEAST_TIMES(0.99, "large_blocks_reference")},
    {"W11-80", "only_we_refuse", AT_MOST(0)},
    {"W11-80", "large_blocks", AT_LEAST_OF("large_blocks_reference")},
    {"W11-95", "only_we_refuse", AT_MOST(0)},
    {"W11-95", "large_blocks", AT_LEAST_OF("large_blocks_reference")},

    {"pool", "static_pool_bytes", AT_MOST_HERE(16 << 10)},
    {"pool-230", "static_pool_bytes", AT_MOST(32 << 10)},

    {"first-frame", "first_object_zeroed_bytes", AT_MOST_OF(2, "smallest_fit_bytes")},
    {"first-endpoint", "first_object_zeroed_bytes", AT_MOST_OF(2, "smallest_fit_bytes")},

    {"latency", "limited_alloc_zeroed_bytes",
     AT_MOST(LIMITED_ZEROED_BYTES)},                     /* the limit that is set there */
    {"latency", "limited_free_invocations", AT_MOST(1)}, /* the user's own Delete */

    {"MODEL", "retype_delete_pairs_per_cpu_s", ABOUT_AT_LEAST(3e6)},
    {"MODEL", "revoke_10e6_cpu_seconds", ABOUT(1)},
    {"MODEL", "host_bytes_10e7_objects", AT_MOST(2.5 * (1 << 30))},
};

const size_t budget_count = sizeof(budgets) / sizeof(budgets[0]);
