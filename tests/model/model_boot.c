/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Booting from the recorded machines, more than once, and with options.
#include "model_test.h"

#include <sys/resource.h>
#include <time.h>

#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS)
#define HAS_LARGE_MACHINES
static const char *const machines[] = {RECORD(MACHINE), RECORD("pc99-3g"), RECORD("pc99-16g"),
                                       RECORD("pc99-64g"), RECORD("pc99-400g")};
#else
static const char *const machines[] = {RECORD(MACHINE)};
#endif

#ifdef CONFIG_ARCH_X86
enum { IO_LEVELS = -1 };
#else
enum { IO_LEVELS = 0 };
#endif

static void expect_boot_capabilities(const seL4_BootInfo *info)
{
    for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++) {
        const struct sel4model_cap cap = cap_at(info->untyped.start + i);
        assert_int_equal(cap.kind, SEL4MODEL_CAP_UNTYPED);
        assert_int_equal(cap.paddr, info->untypedList[i].paddr);
        assert_int_equal(cap.size_bits, info->untypedList[i].sizeBits);
        assert_int_equal(cap.is_device, info->untypedList[i].isDevice);
        assert_int_equal(cap.free_offset, (uint64_t)1 << cap.size_bits);
    }
    for (seL4_Word slot = info->userImageFrames.start; slot < info->userImageFrames.end; slot++) {
        assert_int_equal(kind_at(slot), SEL4MODEL_CAP_FRAME);
    }
    expect_empty(info->empty.start);
    expect_empty(info->empty.end - 1);
    expect_empty(seL4_CapIOSpace);
#ifndef CONFIG_KERNEL_MCS
    expect_empty(seL4_CapInitThreadSC);
#endif
}

static void every_machine_boots(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
        bootinfo = sel4model_boot(machines[i]); // each replaces the one before
        assert_non_null(bootinfo);
        assert_string_equal(sel4model_error(), "");
        expect_boot_capabilities(bootinfo);
        assert_ptr_equal(seL4_GetIPCBuffer(), bootinfo->ipcBuffer);
        assert_int_equal(bootinfo->numIOPTLevels, (seL4_Word)IO_LEVELS);
        assert_int_equal(bootinfo->numNodes, 1);
        assert_int_equal(bootinfo->initThreadCNodeSizeBits, CONFIG_ROOT_CNODE_SIZE_BITS);
        assert_true(bootinfo->extraLen > sizeof(seL4_BootInfoHeader));
        const seL4_BootInfoHeader *const extra =
            (const seL4_BootInfoHeader *)((uintptr_t)bootinfo + seL4_BootInfoFrameSize);
        assert_int_equal(extra->id, SEL4_BOOTINFO_HEADER_PADDING);
        assert_int_equal(extra->len, bootinfo->extraLen);
    }
    sel4model_shutdown();
    sel4model_shutdown(); // again: nothing
}

// Boot objects are where no untyped is.
static void boot_objects_are_outside_the_untypeds(void **state)
{
    (void)state;
    bootinfo = sel4model_boot(RECORD(MACHINE));
    for (seL4_Word slot = 1; slot < bootinfo->untyped.start; slot++) {
        const struct sel4model_cap cap = cap_at(slot);
        for (seL4_Word i = 0;
             cap.size_bits != 0 && i < bootinfo->untyped.end - bootinfo->untyped.start; i++) {
            const seL4_UntypedDesc *const untyped = &bootinfo->untypedList[i];
            const uint64_t untyped_end = untyped->paddr + ((uint64_t)1 << untyped->sizeBits);
            assert_true(cap.paddr >= untyped_end ||
                        cap.paddr + ((uint64_t)1 << cap.size_bits) <= untyped->paddr);
        }
    }
    sel4model_shutdown();
}

// Each of the boot's objects is aligned to its size; the first of the machine's gaps that has room holds one.
static void boot_objects_are_aligned_from_the_first_gap_on(void **state)
{
    (void)state;
    uint64_t lowest = UINT64_MAX, gap = 0;
    bootinfo = sel4model_boot(RECORD(MACHINE));
    for (seL4_Word slot = 1; slot < bootinfo->untyped.start; slot++) {
        const struct sel4model_cap cap = cap_at(slot);
        if (cap.size_bits != 0) {
            assert_int_equal(cap.paddr & (((uint64_t)1 << cap.size_bits) - 1), 0);
            lowest = cap.paddr < lowest ? cap.paddr : lowest;
        }
    }
    // The image lies as it was loaded, one frame after the other.
    const seL4_SlotRegion image = bootinfo->userImageFrames;
    for (seL4_Word slot = image.start; slot + 1 < image.end; slot++) {
        assert_int_equal(cap_at(slot + 1).paddr,
                         cap_at(slot).paddr + ((uint64_t)1 << seL4_PageBits));
    }
    bool goes_on;
    do { // what is handed out from the start of memory on, block by block
        goes_on = false;
        for (seL4_Word i = 0; i < bootinfo->untyped.end - bootinfo->untyped.start; i++) {
            const seL4_UntypedDesc *const untyped = &bootinfo->untypedList[i];
            if (untyped->paddr == gap) {
                gap += (uint64_t)1 << untyped->sizeBits;
                goes_on = true;
            }
        }
    } while (goes_on);
    assert_int_equal(lowest, gap);
    sel4model_shutdown();
}

// What an earlier boot mapped and wrote is gone.
static void a_second_boot_starts_clean(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        assert_int_equal(boot_machine(state), 0);
        const uint64_t paddr = cap_at(ram(19)).paddr;
        unsigned char byte = 1;
        assert_true(sel4model_read_memory(paddr, &byte, 1));
        assert_int_equal(byte, 0);
        assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 0);
        expect_empty(first_slot);
        expect_ok(retype(ram(19), SMALL_FRAME, 0, first_slot));
        expect_ok(retype(ram(19), seL4_TCBObject, 0, first_slot + 1));
        expect_ok(retype(ram(21), seL4_CapTableObject, 14, first_slot + 2));
        const seL4_Word vaddr = (seL4_Word)(uintptr_t)bootinfo + 8192;
        expect_ok(page_map(first_slot, VSPACE, vaddr, seL4_ReadWrite));
        memset((void *)vaddr, 1, 4096);
    }
    sel4model_shutdown();
}

static void a_bad_record_leaves_the_running_kernel_alone(void **state)
{
    (void)state;
    assert_int_equal(boot_machine(state), 0);
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, first_slot));
    assert_null(sel4model_boot("/nonexistent"));
    assert_int_equal(kind_at(first_slot), SEL4MODEL_CAP_ENDPOINT);
    expect_ok(delete_cap(first_slot));
    sel4model_shutdown();
}

// Whichever kernel this build models, those of others are told apart.
static void records_of_other_kernels_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"pc99-512m",
                                        "pc99-512m-mcs",
                                        "pc99-512m-ia32",
                                        "pc99-512m-ia32-mcs",
                                        "virt-2g-aarch64",
                                        "virt-2g-aarch64-mcs",
                                        "sabre-1g-aarch32",
                                        "sabre-1g-aarch32-mcs",
                                        "spike-4g-riscv64",
                                        "spike-4g-riscv64-mcs",
                                        "spike-512m-riscv32",
                                        "spike-512m-riscv32-mcs",
                                        "virt-2g-aarch64-hyp",
                                        "virt-2g-aarch64-hyp-mcs",
                                        "virt-2g-aarch64-hyp-pa44",
                                        "virt-2g-aarch64-pa44"};
    char path[sizeof(RECORD_DIR) + 64];
    unsigned booted = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s.json", RECORD_DIR, names[i]);
        if (strcmp(names[i], MACHINE) == 0) {
            booted += sel4model_boot(path) != NULL;
            continue;
        }
        assert_null(sel4model_boot(path));
        assert_int_equal(strncmp(sel4model_error(), path, strlen(path)), 0);
        assert_true(strstr(sel4model_error(), ": arch: is \"") != NULL ||
                    strstr(sel4model_error(), ": mcs: this build models") != NULL ||
                    strstr(sel4model_error(), ": hyp: this build models") != NULL ||
                    strstr(sel4model_error(), ": pa_size_bits: is 4") != NULL);
    }
    assert_int_equal(booted, 1);
    sel4model_shutdown();
}

static void options_replace_the_cspace(void **state)
{
    (void)state;
    const struct sel4model_options small = {.root_cnode_bits = 13};
    const struct sel4model_options large = {.root_cnode_bits = 25};
    const struct sel4model_options cut = {.empty_end = 1000};
    const seL4_Word recorded_bits = sel4model_boot(RECORD(MACHINE))->initThreadCNodeSizeBits;
    bootinfo = sel4model_boot_with(RECORD(MACHINE), &small);
    assert_int_equal(bootinfo->empty.start, bootinfo->untyped.end);
    assert_int_equal(bootinfo->empty.end, 8192);
    assert_int_equal(bootinfo->initThreadCNodeSizeBits, 13);
    assert_int_equal(cap_at(ROOT).guard_bits, seL4_WordBits - 13);
    bootinfo = sel4model_boot_with(machines[sizeof(machines) / sizeof(machines[0]) - 1], &large);
    assert_int_equal(bootinfo->empty.end, (seL4_Word)1 << 25);
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, bootinfo->empty.end - 1));
    bootinfo = sel4model_boot_with(RECORD(MACHINE), &cut);
    assert_int_equal(bootinfo->empty.end, 1000);
    assert_int_equal(bootinfo->initThreadCNodeSizeBits, recorded_bits);
    assert_non_null(sel4model_boot_with(RECORD(MACHINE), NULL));
    sel4model_shutdown();
}

static void options_are_checked(void **state)
{
    (void)state;
    static const struct sel4model_options bad[] = {
        {.root_cnode_bits = 6}, {.root_cnode_bits = 27}, {.root_cnode_bits = 200},
        {.root_cnode_bits = 8}, {.empty_end = 1},        {.empty_end = (seL4_Word)1 << 20}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_null(sel4model_boot_with(RECORD(MACHINE), &bad[i]));
        assert_string_not_equal(sel4model_error(), "");
    }
}

#ifdef HAS_LARGE_MACHINES
// A digest of what the boot's capabilities say, but for where the host has them mapped, and of the memory that they take.
static uint32_t boot_digest(uint64_t *bytes)
{
    uint32_t digest = UINT32_C(0x811c9dc5);
    *bytes = 0;
    for (seL4_Word slot = 1; slot < bootinfo->empty.start; slot++) {
        const struct sel4model_cap cap = cap_at(slot);
        const uint64_t words[] = {
            cap.kind,      cap.object_type,     cap.size_bits,    cap.radix_bits,  cap.paddr >> 4,
            cap.is_device, cap.is_final,        cap.is_revocable, cap.guard_bits,  cap.is_mapped,
            cap.guard,     cap.rights.words[0], cap.badge,        cap.has_children};
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            digest =
                (digest ^ (uint32_t)(words[i] >> 32) ^ (uint32_t)words[i]) * UINT32_C(0x01000193);
        }
        *bytes += cap.size_bits != 0 ? (uint64_t)1 << cap.size_bits : 0;
    }
    return digest;
}

// Where the boot puts what is no choice of its user's: who changes that on purpose writes down what the test prints.
static void the_boot_is_what_it_was(void **state)
{
    (void)state;
    static const struct {
        size_t machine;
        unsigned cnode_bits;
        uint64_t bytes;
        uint32_t digest;
    } boots[] = {{0, 0, 0x7fffffdeaff0, 0xac2cc561},  {1, 0, 0x7fffffdeaff0, 0xd08665dd},
                 {2, 0, 0x7fffffdeaff0, 0x3ce723fa},  {3, 0, 0x7fffffdeaff0, 0x8e80b834},
                 {4, 0, 0x7fffffdeaff0, 0xbf316610},  {0, 13, 0x7ffffee2aff0, 0x21e921cb},
                 {0, 16, 0x7ffffefeaff0, 0x30390f90}, {0, 19, 0x7fffffdeaff0, 0xac2cc561},
                 {4, 25, 0x80003edeaff0, 0x8ac09568}, {4, 14, 0x7ffffee6aff0, 0x15cd25b5}};
    bool all = true;
    for (size_t i = 0; i < sizeof(boots) / sizeof(boots[0]); i++) {
        const struct sel4model_options options = {.root_cnode_bits = boots[i].cnode_bits};
        bootinfo = sel4model_boot_with(machines[boots[i].machine], &options);
        assert_non_null(bootinfo);
        uint64_t bytes;
        const uint32_t digest = boot_digest(&bytes);
        if (bytes != boots[i].bytes || digest != boots[i].digest) {
            all = false;
            print_message("{%zu, %u, %#llx, %#x},\n", boots[i].machine, boots[i].cnode_bits,
                          (unsigned long long)bytes, digest);
        }
    }
    assert_true(all);
    sel4model_shutdown();
}

// Memory and time grow with use, not with the machine.
static void a_large_machine_costs_little(void **state)
{
    (void)state;
    const struct sel4model_options options = {.root_cnode_bits = 25};
    struct rusage usage;
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    bootinfo = sel4model_boot_with(RECORD("pc99-400g"), &options);
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_non_null(bootinfo);
    getrusage(RUSAGE_SELF, &usage);
    assert_true(end.tv_sec - start.tv_sec <= 1);
    assert_true(usage.ru_maxrss < 200 * 1024);
    // The first use of the largest untyped clears all of it, on the books.
    const seL4_CPtr largest = find_untyped(37, false);
    struct sel4model_counters counters;
    expect_ok(retype(largest, SMALL_FRAME, 0, bootinfo->empty.start));
    sel4model_counters_get(&counters);
    assert_int_equal(counters.bytes_zeroed, (uint64_t)1 << 37);
    sel4model_shutdown();
}

#endif

static void invoke_unbooted(void)
{
    sel4model_shutdown();
    (void)seL4_TCB_Resume(1);
}

static void inspect_unbooted(void)
{
    struct sel4model_cap cap;
    (void)sel4model_inspect(sel4model_path_of(1), &cap);
}

static void nothing_works_before_boot(void **state)
{
    (void)state;
    expect_stop(invoke_unbooted, "seL4_TCB_Resume before sel4model_boot()");
    expect_stop(inspect_unbooted, "before sel4model_boot()");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_works_before_boot),
        cmocka_unit_test(every_machine_boots),
        cmocka_unit_test(boot_objects_are_outside_the_untypeds),
        cmocka_unit_test(boot_objects_are_aligned_from_the_first_gap_on),
        cmocka_unit_test(a_second_boot_starts_clean),
        cmocka_unit_test(a_bad_record_leaves_the_running_kernel_alone),
        cmocka_unit_test(records_of_other_kernels_are_refused),
        cmocka_unit_test(options_replace_the_cspace),
        cmocka_unit_test(options_are_checked),
#ifdef HAS_LARGE_MACHINES
        cmocka_unit_test(a_large_machine_costs_little),
        cmocka_unit_test(the_boot_is_what_it_was),
#endif
    };
    return cmocka_run_group_tests_name("model: boot", tests, NULL, NULL);
}
