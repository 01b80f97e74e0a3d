/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* MODEL: the kernel model itself, without an allocator. Its times are the host's, so they are
 * reported and never checked; its memory is checked. */

#include "workloads.h"

#include <sel4model/inspect.h>
#include <time.h>
#include <unistd.h>

#define MODEL_RECORD     RECORD_DIR "/pc99-400g.json"
#define MODEL_RADIX_BITS 25u
#define MODEL_ROOT_BITS  37u /* log2 bytes of the untyped that everything comes out of */
#define PAIRS            2000000u
#define REVOKED          1000000u
#define LIVE             10000000u
#define BATCH            256u /* objects a Retype */
#define ROOT             seL4_CapInitThreadCNode

/* A booted machine, and where in it the objects go. */
struct playground {
    seL4_CPtr untyped;
    seL4_Word first_slot;
};

/* Of the processor: others may use the host, too. */
static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* What the host holds in memory for this process; 0 iff it does not tell. */
static uint64_t resident_bytes(void)
{
    unsigned long pages = 0;
    FILE *const file = fopen("/proc/self/statm", "r");
    if (!file) {
        return 0;
    }
    if (fscanf(file, "%*u %lu", &pages) != 1) {
        pages = 0;
    }
    fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool prepare(struct playground *playground)
{
    const struct sel4model_options options = {.root_cnode_bits = MODEL_RADIX_BITS};
    const seL4_BootInfo *const info = sel4model_boot_with(MODEL_RECORD, &options);
    if (!info) {
        return false;
    }
    playground->first_slot = info->empty.start;
    for (size_t i = 0; i < info->untyped.end - info->untyped.start; i++) {
        if (info->untypedList[i].sizeBits == MODEL_ROOT_BITS && !info->untypedList[i].isDevice) {
            playground->untyped = info->untyped.start + i;
            return true;
        }
    }
    fprintf(stderr, "bench: MODEL: no untyped of 2^%u bytes\n", MODEL_ROOT_BITS);
    return false;
}

static bool is_good(seL4_Error error, const char *what)
{
    if (error != seL4_NoError) {
        fprintf(stderr, "bench: MODEL: %s: seL4 error %d\n", what, (int)error);
    }
    return error == seL4_NoError;
}

/* An endpoint made in a small untyped and deleted again. */
static bool time_pairs(const struct bench *bench, const struct playground *playground)
{
    const seL4_Word small = playground->first_slot;
    bool good = is_good(seL4_Untyped_Retype(playground->untyped, seL4_UntypedObject, seL4_PageBits,
                                            ROOT, 0, 0, small, 1),
                        "untyped");
    const double start = seconds_now();
    for (unsigned i = 0; i < PAIRS && good; i++) {
        good = is_good(seL4_Untyped_Retype(small, seL4_EndpointObject, 0, ROOT, 0, 0, small + 1, 1),
                       "endpoint") &&
               is_good(seL4_CNode_Delete(ROOT, small + 1, seL4_WordBits), "delete");
    }
    bench_record(bench, "retype_delete_pairs_per_cpu_s", PAIRS / (seconds_now() - start));
    return good;
}

static bool fill(const struct playground *playground, seL4_Word slot, seL4_Word type, size_t count)
{
    bool good = true;
    for (size_t made = 0; made < count && good; made += BATCH) {
        const size_t batch = count - made < BATCH ? count - made : BATCH;
        good = is_good(
            seL4_Untyped_Retype(playground->untyped, type, 0, ROOT, 0, 0, slot + made, batch),
            "fill");
    }
    return good;
}

static bool revoke_all(const struct playground *playground)
{
    return is_good(seL4_CNode_Revoke(ROOT, playground->untyped, seL4_WordBits), "revoke");
}

static bool time_revoke(const struct bench *bench, const struct playground *playground)
{
    if (!revoke_all(playground) ||
        !fill(playground, playground->first_slot, seL4_EndpointObject, REVOKED)) {
        return false;
    }
    const double start = seconds_now();
    const bool good = revoke_all(playground);
    bench_record(bench, "revoke_10e6_cpu_seconds", seconds_now() - start);
    return good;
}

/* What a large system consists of: mostly frames and endpoints, and a TCB and a page table for every
 * 18 of them. */
static bool weigh_live(const struct bench *bench, const struct playground *playground)
{
    const struct {
        seL4_Word type;
        unsigned percent;
    } shares[] = {{kobject_get_type(KOBJECT_FRAME, seL4_PageBits), 45},
                  {seL4_EndpointObject, 35},
                  {seL4_NotificationObject, 10},
                  {seL4_TCBObject, 5},
                  {kobject_get_type(KOBJECT_PAGE_TABLE, 0), 5}};
    const uint64_t before = resident_bytes();
    seL4_Word slot = playground->first_slot;
    bool good = true;
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]) && good; i++) {
        const size_t count = LIVE / 100 * shares[i].percent;
        good = fill(playground, slot, shares[i].type, count);
        slot += count;
    }
    const uint64_t after = resident_bytes();
    bench_record(bench, "host_bytes_10e7_objects", (double)(after - before));
    bench_record(bench, "host_bytes_per_object", bench_ratio(after - before, LIVE));
    return good && sel4model_live_caps() > LIVE;
}

bool workload_model(const struct bench *bench, struct objects *objects)
{
    struct playground playground = {0};
    machine_stop(objects->machine);
    const bool good = prepare(&playground) && time_pairs(bench, &playground) &&
                      time_revoke(bench, &playground) && weigh_live(bench, &playground);
    sel4model_shutdown();
    return good;
}
