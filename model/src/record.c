/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Reading boot records (data/bootinfo/README.md describes the files). */
#include "record.h"
#include "boot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static char last_error[512];

const char *sel4model_error(void)
{
    return last_error;
}

bool model_record_reject(const char *path, const char *field, const char *format, ...)
{
    const int length = snprintf(last_error, sizeof(last_error), "%s: %s: ", path, field);
    const size_t used = length < 0 ? 0 : (size_t)length;
    if (used < sizeof(last_error)) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(last_error + used, sizeof(last_error) - used, format, arguments);
        va_end(arguments);
    }
    fprintf(stderr, "sel4model: %s\n", last_error);
    return false;
}

/* Where the fields of a record go. */
struct word_field {
    const char *name;
    size_t offset;
};

#define WORD_FIELD(name)                                                                           \
    {                                                                                              \
#name, offsetof(struct record, name)                                                       \
    }

static const struct word_field word_fields[] = {
    WORD_FIELD(node_id),
    WORD_FIELD(num_nodes),
    WORD_FIELD(init_thread_cnode_size_bits),
    WORD_FIELD(init_thread_domain),
    WORD_FIELD(extra_len),
};

/* In the order in which the kernel fills the root CNode, as far as it does. */
static const struct word_field region_fields[] = {
#if defined(CONFIG_KERNEL_MCS) && defined(CONFIG_ARCH_X86)
    WORD_FIELD(schedcontrol),
#endif
    WORD_FIELD(user_image_paging), WORD_FIELD(extra_bi_pages),
#if defined(CONFIG_KERNEL_MCS) && !defined(CONFIG_ARCH_X86)
    WORD_FIELD(schedcontrol),
#endif
    WORD_FIELD(user_image_frames), WORD_FIELD(untyped),        WORD_FIELD(empty),
    WORD_FIELD(shared_frames),     WORD_FIELD(io_space_caps),
};

enum {
    WORD_FIELD_COUNT = sizeof(word_fields) / sizeof(word_fields[0]),
    REGION_FIELD_COUNT = sizeof(region_fields) / sizeof(region_fields[0]),
    ORDERED_REGION_COUNT = REGION_FIELD_COUNT - 2, /* the last two are somewhere, or nowhere */
};

static seL4_SlotRegion *region_of(struct record *record, size_t index)
{
    return (seL4_SlotRegion *)(void *)((char *)record + region_fields[index].offset);
}

static bool read_word(const json_t *root, const char *path, const char *name, seL4_Word *word)
{
    const json_t *const value = json_object_get(root, name);
    if (value == NULL) {
        return model_record_reject(path, name, "missing");
    }
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        return model_record_reject(path, name, "is not a natural number");
    }
    if ((uint64_t)json_integer_value(value) > (seL4_Word)-1) {
        return model_record_reject(path, name, "does not fit in a word");
    }
    *word = (seL4_Word)json_integer_value(value);
    return true;
}

static bool read_region(const json_t *root, const char *path, const char *name,
                        seL4_SlotRegion *region)
{
    const json_t *const value = json_object_get(root, name);
    if (value == NULL) {
        return model_record_reject(path, name, "missing");
    }
    const json_t *const start = json_array_get(value, 0);
    const json_t *const end = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !json_is_integer(start) || !json_is_integer(end) ||
        json_integer_value(start) < 0 || json_integer_value(end) < 0) {
        return model_record_reject(path, name, "is not a pair of slot numbers");
    }
    if (json_integer_value(start) > json_integer_value(end)) {
        return model_record_reject(path, name, "ends before it starts");
    }
    region->start = (seL4_SlotPos)json_integer_value(start);
    region->end = (seL4_SlotPos)json_integer_value(end);
    return true;
}

/* A string that must have one value. */
static bool check_text(const json_t *root, const char *path, const char *name, const char *expected)
{
    const json_t *const value = json_object_get(root, name);
    if (value == NULL) {
        return model_record_reject(path, name, "missing");
    }
    if (!json_is_string(value)) {
        return model_record_reject(path, name, "is not a text");
    }
    if (strcmp(json_string_value(value), expected) != 0) {
        return model_record_reject(path, name, "is \"%s\", but this build models \"%s\"",
                                   json_string_value(value), expected);
    }
    return true;
}

#define TEXT_OF(token)          #token
#define EXPANDED_TEXT_OF(macro) TEXT_OF(macro)

#ifdef CONFIG_KERNEL_MCS
enum { BUILD_IS_MCS = true };
#else
enum { BUILD_IS_MCS = false };
#endif

#ifdef CONFIG_ARCH_AARCH64
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
enum { BUILD_IS_HYP = true };
#else
enum { BUILD_IS_HYP = false };
#endif

/* A record that does not say so is of a kernel at EL1 with physical addresses of 40 bits. */
static bool check_arch(const json_t *root, const char *path)
{
    seL4_Word bits = 40;
    const json_t *const hyp = json_object_get(root, "hyp");
    if (hyp != NULL && !json_is_boolean(hyp)) {
        return model_record_reject(path, "hyp", "is not a truth value");
    }
    if (json_is_true(hyp) != BUILD_IS_HYP) {
        return model_record_reject(path, "hyp", "this build models a kernel that is %s hypervisor",
                                   BUILD_IS_HYP ? "a" : "no");
    }
    if (json_object_get(root, "pa_size_bits") != NULL &&
        !read_word(root, path, "pa_size_bits", &bits)) {
        return false;
    }
    return bits == MODEL_PADDR_BITS ||
           model_record_reject(path, "pa_size_bits", "is %ju, but this build has %d",
                               (uintmax_t)bits, MODEL_PADDR_BITS);
}
#else
static bool check_arch(const json_t *root, const char *path)
{
    (void)root;
    (void)path;
    return true;
}
#endif

/* Is the record one for this build? */
static bool check_build(const json_t *root, const char *path)
{
    seL4_Word word_bits = 0;
    const json_t *const mcs = json_object_get(root, "mcs");
    if (!check_text(root, path, "arch", EXPANDED_TEXT_OF(CONFIG_SEL4_ARCH)) ||
        !read_word(root, path, "word_bits", &word_bits)) {
        return false;
    }
    if (word_bits != seL4_WordBits) {
        return model_record_reject(path, "word_bits", "is %ju, but this build has %d",
                                   (uintmax_t)word_bits, (int)seL4_WordBits);
    }
    if (!json_is_boolean(mcs)) {
        return model_record_reject(path, "mcs", mcs == NULL ? "missing" : "is not a truth value");
    }
    if (json_is_true(mcs) != BUILD_IS_MCS) {
        return model_record_reject(path, "mcs", "this build models a kernel %s MCS",
                                   BUILD_IS_MCS ? "with" : "without");
    }
    return check_arch(root, path);
}

static bool read_address(const char *path, const char *field, const json_t *value,
                         uint64_t *address)
{
    char *end = NULL;
    if (!json_is_string(value)) {
        return model_record_reject(path, field,
                                   value == NULL ? "missing" : "is not a text like \"0x1000\"");
    }
    const char *const text = json_string_value(value);
    errno = 0;
    *address = strtoull(text, &end, 16);
    if (strncmp(text, "0x", 2) != 0 || text[2] == '\0' || *end != '\0' || errno != 0) {
        return model_record_reject(path, field, "\"%s\" is not a hexadecimal number", text);
    }
    return true;
}

/* Sizes, alignment in the kernel's view, and ends of one untyped. */
static bool check_untyped(const char *path, const char *field, const struct record_untyped *untyped)
{
    const uint64_t address = untyped->paddr + MODEL_KERNEL_OFFSET;
    const uint64_t bytes = (uint64_t)1 << untyped->size_bits;
    const uint64_t limit =
        untyped->is_device ? (uint64_t)CONFIG_PADDR_USER_DEVICE_TOP : (uint64_t)MODEL_RAM_BYTES;
    if ((address & (bytes - 1)) != 0) {
        return model_record_reject(path, field, "0x%" PRIx64 " is not aligned to its 2^%u bytes",
                                   untyped->paddr, untyped->size_bits);
    }
    if (untyped->paddr >= limit || bytes > limit - untyped->paddr) {
        return model_record_reject(
            path, field, "0x%" PRIx64 " + 2^%u is beyond %s (0x%" PRIx64 ")", untyped->paddr,
            untyped->size_bits,
            untyped->is_device ? "the physical addresses" : "what the kernel reaches", limit);
    }
    return true;
}

static bool read_untyped(const json_t *item, const char *path, size_t index,
                         struct record_untyped *untyped)
{
    char field[64];
    const json_t *const size = json_object_get(item, "size_bits");
    const json_t *const device = json_object_get(item, "device");
    snprintf(field, sizeof(field), "untyped_list[%zu]", index);
    if (!json_is_object(item)) {
        return model_record_reject(path, field, "is not an object");
    }
    snprintf(field, sizeof(field), "untyped_list[%zu].paddr", index);
    if (!read_address(path, field, json_object_get(item, "paddr"), &untyped->paddr)) {
        return false;
    }
    snprintf(field, sizeof(field), "untyped_list[%zu].size_bits", index);
    if (!json_is_integer(size)) {
        return model_record_reject(path, field, size == NULL ? "missing" : "is not a number");
    }
    const json_int_t size_bits = json_integer_value(size);
    if (size_bits < seL4_MinUntypedBits || size_bits > seL4_MaxUntypedBits) {
        return model_record_reject(path, field, "%" JSON_INTEGER_FORMAT " is not in [%d, %d]",
                                   size_bits, seL4_MinUntypedBits, seL4_MaxUntypedBits);
    }
    untyped->size_bits = (unsigned)size_bits;
    snprintf(field, sizeof(field), "untyped_list[%zu].device", index);
    if (!json_is_boolean(device)) {
        return model_record_reject(path, field,
                                   device == NULL ? "missing" : "is not a truth value");
    }
    untyped->is_device = json_is_true(device);
    snprintf(field, sizeof(field), "untyped_list[%zu].paddr", index);
    return check_untyped(path, field, untyped);
}

/* Quadratic in at most CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS. */
static bool check_overlap(const struct record *record, const char *path)
{
    char field[64];
    for (size_t i = 0; i < record->untyped_count; i++) {
        const struct record_untyped *const a = &record->untypeds[i];
        for (size_t j = 0; j < i; j++) {
            const struct record_untyped *const b = &record->untypeds[j];
            if (a->paddr <= b->paddr + low_bits(b->size_bits) &&
                b->paddr <= a->paddr + low_bits(a->size_bits)) {
                snprintf(field, sizeof(field), "untyped_list[%zu]", i);
                return model_record_reject(path, field, "overlaps untyped_list[%zu]", j);
            }
        }
    }
    return true;
}

static bool read_untypeds(const json_t *root, const char *path, struct record *record)
{
    const json_t *const list = json_object_get(root, "untyped_list");
    const size_t count = json_array_size(list);
    if (!json_is_array(list)) {
        return model_record_reject(path, "untyped_list",
                                   list == NULL ? "missing" : "is not a list");
    }
    if (count > CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS) {
        return model_record_reject(path, "untyped_list",
                                   "%zu entries, but boot information holds %d", count,
                                   CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS);
    }
    if (count != record->untyped.end - record->untyped.start) {
        return model_record_reject(path, "untyped_list", "%zu entries, but `untyped` has %ju slots",
                                   count, (uintmax_t)(record->untyped.end - record->untyped.start));
    }
    record->untyped_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!read_untyped(json_array_get(list, i), path, i, &record->untypeds[i])) {
            return false;
        }
    }
    return check_overlap(record, path);
}

static bool read_fields(const json_t *root, const char *path, struct record *record)
{
    for (size_t i = 0; i < WORD_FIELD_COUNT; i++) {
        seL4_Word *const word = (seL4_Word *)(void *)((char *)record + word_fields[i].offset);
        if (!read_word(root, path, word_fields[i].name, word)) {
            return false;
        }
    }
    for (size_t i = 0; i < REGION_FIELD_COUNT; i++) {
        if (!read_region(root, path, region_fields[i].name, region_of(record, i))) {
            return false;
        }
    }
    return read_untypeds(root, path, record);
}

static void apply_options(struct record *record, const struct sel4model_options *options)
{
    if (options == NULL) {
        return;
    }
    if (options->root_cnode_bits != 0) {
        record->init_thread_cnode_size_bits = options->root_cnode_bits;
        if (options->root_cnode_bits < seL4_WordBits) {
            record->empty.end = (seL4_Word)1 << options->root_cnode_bits;
        }
    }
    if (options->empty_end != 0) {
        record->empty.end = options->empty_end;
    }
}

static bool check_regions(struct record *record, const char *path)
{
    const seL4_Word slots = (seL4_Word)1 << record->init_thread_cnode_size_bits;
    seL4_Word next = seL4_NumInitialCaps;
    for (size_t i = 0; i < REGION_FIELD_COUNT; i++) {
        const seL4_SlotRegion *const region = region_of(record, i);
        const char *const name = region_fields[i].name;
        if (region->end < region->start) {
            return model_record_reject(path, name, "ends before it starts");
        }
        if (region->end > slots) {
            return model_record_reject(
                path, name, "slot %ju is beyond the root CNode of 2^%ju slots",
                (uintmax_t)region->end - 1, (uintmax_t)record->init_thread_cnode_size_bits);
        }
        if (region->end == region->start) {
            continue;
        }
        if (i >= ORDERED_REGION_COUNT) {
            return model_record_reject(path, name, "must be empty: the model has no such objects");
        }
        if (region->start < next) {
            return model_record_reject(path, name,
                                       "starts at slot %ju, inside what the kernel puts before it "
                                       "(up to slot %ju)",
                                       (uintmax_t)region->start, (uintmax_t)next);
        }
        next = region->end;
    }
    return true;
}

/* A kernel with MCS hands out a capability to the scheduler of each node. */
static bool check_scheduling(const struct record *record, const char *path)
{
#ifdef CONFIG_KERNEL_MCS
    const seL4_Word controls = record->schedcontrol.end - record->schedcontrol.start;
    if (controls != record->num_nodes) {
        return model_record_reject(path, "schedcontrol", "%ju slots, but there is %ju node",
                                   (uintmax_t)controls, (uintmax_t)record->num_nodes);
    }
#else
    (void)record;
    (void)path;
#endif
    return true;
}

static bool check_machine(const struct record *record, const char *path)
{
    if (record->num_nodes != CONFIG_MAX_NUM_NODES) {
        return model_record_reject(path, "num_nodes", "is %ju, but this build models %d",
                                   (uintmax_t)record->num_nodes, CONFIG_MAX_NUM_NODES);
    }
    if (record->node_id >= record->num_nodes) {
        return model_record_reject(path, "node_id", "is not below num_nodes");
    }
    if (record->init_thread_domain >= CONFIG_NUM_DOMAINS) {
        return model_record_reject(path, "init_thread_domain", "this build has %d domain(s)",
                                   CONFIG_NUM_DOMAINS);
    }
    if (record->init_thread_cnode_size_bits < MODEL_ROOT_CNODE_BITS_MIN ||
        record->init_thread_cnode_size_bits > MODEL_ROOT_CNODE_BITS_MAX) {
        return model_record_reject(path, "init_thread_cnode_size_bits", "%ju is not in [%d, %d]",
                                   (uintmax_t)record->init_thread_cnode_size_bits,
                                   MODEL_ROOT_CNODE_BITS_MIN, MODEL_ROOT_CNODE_BITS_MAX);
    }
    return true;
}

/* Pages of image and boot information against the structures that map them. */
static bool check_pages(const struct record *record, const char *path)
{
    const seL4_Word extra = record->extra_bi_pages.end - record->extra_bi_pages.start;
    const seL4_Word image = record->user_image_frames.end - record->user_image_frames.start;
    const seL4_Word tables = record->user_image_paging.end - record->user_image_paging.start;
    const seL4_Word room = extra << seL4_PageBits;
    if (record->extra_len > room ||
        (record->extra_len != 0 && record->extra_len < sizeof(seL4_BootInfoHeader))) {
        return model_record_reject(path, "extra_len", "%ju bytes do not fit the %ju extra pages",
                                   (uintmax_t)record->extra_len, (uintmax_t)extra);
    }
    if (model_boot_image_bits(tables, image + extra + 2) == 0) {
        return model_record_reject(path, "user_image_paging",
                                   "%ju structures cannot map the image's %ju pages",
                                   (uintmax_t)tables, (uintmax_t)(image + extra + 2));
    }
    return true;
}

json_t *model_record_load(const char *path)
{
    json_error_t error;
    last_error[0] = '\0';
    json_t *const root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL && error.line < 1) {
        (void)model_record_reject(path, "file", "%s", error.text);
    } else if (root == NULL) {
        (void)model_record_reject(path, "file", "line %d: %s", error.line, error.text);
    } else if (!json_is_object(root)) {
        (void)model_record_reject(path, "file", "is not a JSON object");
        json_decref(root);
        return NULL;
    }
    return root;
}

bool model_record_read(struct record *record, const char *path,
                       const struct sel4model_options *options)
{
    memset(record, 0, sizeof(*record));
    json_t *const root = model_record_load(path);
    const bool is_read = root != NULL && check_build(root, path) && read_fields(root, path, record);
    json_decref(root);
    if (!is_read) {
        return false;
    }
    apply_options(record, options);
    return check_machine(record, path) && check_scheduling(record, path) &&
           check_regions(record, path) && check_pages(record, path);
}
