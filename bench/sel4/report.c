/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "report.h"

#include "../figures.h"
#include "clock.h"
#include "meter.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MILLION     1000000u
#define TEXT_OF(x)  #x
#define VALUE_OF(x) TEXT_OF(x)

#ifdef CONFIG_KERNEL_MCS
#define MCS_TEXT "true"
#else
#define MCS_TEXT "false"
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define HYP_TEXT "\"hyp\":true,"
#else
#define HYP_TEXT ""
#endif
#ifdef CONFIG_ARM_PA_SIZE_BITS_44
#define PA_TEXT "\"pa_size_bits\":44,"
#else
#define PA_TEXT ""
#endif
#ifdef CONFIG_DEBUG_BUILD
#define BUILD_TEXT "debug"
#else
#define BUILD_TEXT "release"
#endif

/* Figures of what a real kernel does not tell. */
static const char *const unknown[] = {"first_object_zeroed_bytes", "zeroed_bytes_per_byte"};

/* For figures.h: nothing is kept, each is told at once. Six decimals, without floating point in
 * printf(). */
void figures_record(struct figures *figures, const char *workload, const char *name, double value)
{
    (void)figures;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        if (strcmp(name, unknown[i]) == 0) {
            return;
        }
    }
    printf("{\"workload\":\"%s\",\"figure\":\"%s\",\"value\":", workload, name);
    if (isnan(value)) {
        printf("null}\n");
    } else {
        const unsigned long long millionths = (unsigned long long)(value * MILLION + 0.5);
        printf("%llu.%06llu}\n", millionths / MILLION, millionths % MILLION);
    }
}

static void print_region(const char *name, seL4_SlotRegion region)
{
    printf("\"%s\":[%llu,%llu],", name, (unsigned long long)region.start,
           (unsigned long long)region.end);
}

static void print_record(const seL4_BootInfo *info)
{
    printf("{\"record\":{\"name\":\"this machine\",\"arch\":\"" VALUE_OF(
               CONFIG_SEL4_ARCH) "\",\"word_bits\":%d,\"mcs\":" MCS_TEXT "," HYP_TEXT PA_TEXT,
           (int)seL4_WordBits);
    printf("\"node_id\":%llu,\"num_nodes\":%llu,\"init_thread_cnode_size_bits\":%llu,",
           (unsigned long long)info->nodeID, (unsigned long long)info->numNodes,
           (unsigned long long)info->initThreadCNodeSizeBits);
    printf("\"init_thread_domain\":%llu,\"extra_len\":%llu,",
           (unsigned long long)info->initThreadDomain, (unsigned long long)info->extraLen);
    print_region("empty", info->empty);
    print_region("shared_frames", info->sharedFrames);
    print_region("user_image_frames", info->userImageFrames);
    print_region("user_image_paging", info->userImagePaging);
    print_region("io_space_caps", info->ioSpaceCaps);
    print_region("extra_bi_pages", info->extraBIPages);
#ifdef CONFIG_KERNEL_MCS
    print_region("schedcontrol", info->schedcontrol);
#endif
    print_region("untyped", info->untyped);
    printf("\"untyped_list\":[");
    for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++) {
        const seL4_UntypedDesc *const untyped = &info->untypedList[i];
        printf("%s{\"paddr\":\"0x%llx\",\"size_bits\":%u,\"device\":%s}", i == 0 ? "" : ",",
               (unsigned long long)untyped->paddr, untyped->sizeBits,
               untyped->isDevice ? "true" : "false");
    }
    printf("]}}\n");
}

void report_machine(const seL4_BootInfo *boot_info)
{
    const bool exact = clock_counts_instructions();
    printf("seL4 for " VALUE_OF(CONFIG_SEL4_ARCH) ", " VALUE_OF(
               CONFIG_PLAT) ", " BUILD_TEXT " build; MCS: " MCS_TEXT "; fan-out limit %d\n",
           (int)CONFIG_RETYPE_FAN_OUT_LIMIT);
    printf("Clock: %s; it counts %s.\n", clock_name,
           exact ? "instructions, one by one" : "cycles, or ticks of its own");
    printf("An invocation's measurement takes %llu inside, %llu outside: subtracted.\n\n",
           (unsigned long long)meter_overhead.inside, (unsigned long long)meter_overhead.outside);
    printf("{\"arch\":\"" VALUE_OF(CONFIG_SEL4_ARCH) "\",\"platform\":\"" VALUE_OF(
               CONFIG_PLAT) "\",\"build\":\"" BUILD_TEXT "\",\"mcs\":" MCS_TEXT
                            ",\"fan_out_limit\":%d,\"clock\":\"%s\",\"counts_instructions\":%s,",
           (int)CONFIG_RETYPE_FAN_OUT_LIMIT, clock_name, exact ? "true" : "false");
    printf("\"measuring_inside\":%llu,\"measuring_outside\":%llu}\n",
           (unsigned long long)meter_overhead.inside, (unsigned long long)meter_overhead.outside);
    print_record(boot_info);
}

/* At the end of the last phase. */
static struct kernel_steps last_steps;

static unsigned long long per(uint64_t sum, uint64_t count)
{
    return (unsigned long long)(count == 0 ? 0 : (sum + count / 2) / count);
}

void report_phase(const struct bench *bench, const char *phase, const struct machine_counts *from,
                  const struct machine_counts *to)
{
    const uint64_t calls = to->calls - from->calls;
    const uint64_t invocations = machine_invocations_between(from, to);
    const uint64_t user = to->steps - from->steps;
    const uint64_t kernel = to->kernel_steps.total - from->kernel_steps.total;
    printf("%-15s%-7s%8llu calls, %8llu invocations; a call: user %6llu, kernel %8llu\n",
           bench->workload, phase, (unsigned long long)calls, (unsigned long long)invocations,
           per(user, calls), per(kernel, calls));
    printf("{\"workload\":\"%s\",\"phase\":\"%s\",\"calls\":%llu,\"user\":%llu,\"kernel\":%llu,"
           "\"invocations\":{",
           bench->workload, phase, (unsigned long long)calls, (unsigned long long)user,
           (unsigned long long)kernel);
    const char *separator = "";
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        const unsigned long count = to->kernel.invocations[kind] - from->kernel.invocations[kind];
        const unsigned long refused = to->kernel.refused[kind] - from->kernel.refused[kind];
        const uint64_t steps = to->kernel_steps.of_kind[kind] - from->kernel_steps.of_kind[kind];
        if (count > 0) {
            printf("%s\"%s\":{\"count\":%lu,\"refused\":%lu,\"kernel\":%llu}", separator,
                   sel4model_invocation_name((enum sel4model_invocation)kind), count, refused,
                   (unsigned long long)steps);
            separator = ",";
        }
    }
    printf("}}\n");
    last_steps = to->kernel_steps;
}

void report_worst(const char *workload)
{
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        if (last_steps.worst[kind] > 0) {
            printf("{\"workload\":\"%s\",\"worst\":\"%s\",\"value\":%llu}\n", workload,
                   sel4model_invocation_name((enum sel4model_invocation)kind),
                   (unsigned long long)last_steps.worst[kind]);
        }
    }
}
