/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "api_trace.h"

#include <inttypes.h>
#include <string.h>

static const char magic[4] = {'a', 'm', 't', 'r'};

/* What of a record means something for an operation. */
enum { NUMBER = 1, TYPE = 2, SIZE = 4, OPERAND = 8 };

static const struct {
    const char *name;
    unsigned fields;
} operations[API_OPERATION_END] = {
    [API_NOTHING] = {"nothing", 0},
    [API_SLOT_ALLOC] = {"slot_alloc", NUMBER},
    [API_SLOT_FREE] = {"slot_free", NUMBER},
    [API_OBJECT_ALLOC] = {"object_alloc", NUMBER | TYPE | SIZE},
    [API_OBJECT_FREE] = {"object_free", NUMBER},
    [API_BOOK_ALLOC] = {"book_alloc", NUMBER | OPERAND},
    [API_BOOK_FREE] = {"book_free", NUMBER},
    [API_ADD_UNTYPED] = {"add_untyped", NUMBER},
    [API_RECLAIM] = {"reclaim", 0},
    [API_FILL_RESERVES] = {"fill_reserves", 0},
    [API_RESERVE_SLOTS] = {"reserve_slots", OPERAND},
    [API_RESERVE_OBJECT] = {"reserve_object", TYPE | SIZE | OPERAND},
    [API_RESERVE_BOOK] = {"reserve_book", NUMBER | OPERAND},
    [API_RUN_ALLOC] = {"run_alloc", NUMBER | SIZE},
    [API_RUN_FREE] = {"run_free", NUMBER},
    [API_SLOT_ALLOC_AT] = {"slot_alloc_at", NUMBER | OPERAND},
    [API_DESTROY] = {"destroy", 0},
    [API_SET_LIMITS] = {"set_limits", TYPE | SIZE | OPERAND},
    [API_PREPARE] = {"prepare", 0},
    [API_REFUSE] = {"refuse", TYPE | OPERAND},
    [API_MAP] = {"map", NUMBER | OPERAND},
    [API_LEAK] = {"leak", NUMBER},
    [API_LEAK_END] = {"leak_end", NUMBER},
    [API_OCCUPIED] = {"occupied", NUMBER | SIZE},
    [API_WRONG_SIZE] = {"wrong_size", NUMBER | SIZE},
    [API_STALE] = {"stale", NUMBER},
    [API_BAD_COOKIE] = {"bad_cookie", NUMBER | OPERAND},
    [API_BAD_SLOT] = {"bad_slot", OPERAND},
    [API_BAD_BOOK] = {"bad_book", NUMBER | OPERAND},
    [API_DOUBLE_SLOT] = {"double_slot", 0},
    [API_DOUBLE_BOOK] = {"double_book", OPERAND},
    [API_NONSENSE] = {"nonsense", NUMBER},
    [API_NEST] = {"nest", NUMBER | TYPE | SIZE | OPERAND},
    [API_BOOK_REFUSE] = {"book_refuse", OPERAND},
};

static void put(uint8_t *bytes, unsigned count, uint64_t value)
{
    for (unsigned i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(value >> 8 * i);
    }
}

static uint64_t get(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        value |= (uint64_t)bytes[i] << 8 * i;
    }
    return value;
}

void api_trace_put_header(const struct api_header *header, uint8_t *bytes)
{
    memcpy(bytes, magic, sizeof(magic));
    put(bytes + 4, 2, API_TRACE_VERSION);
    put(bytes + 6, 2, API_TRACE_RECORD_BYTES);
    put(bytes + 8, 4, header->start);
    bytes[12] = header->arch;
    put(bytes + 13, 3, header->is_mcs);
}

void api_trace_put(const struct api_record *record, uint8_t *bytes)
{
    bytes[0] = record->operation;
    bytes[1] = record->flags;
    bytes[2] = record->type;
    bytes[3] = record->size_bits;
    put(bytes + 4, 4, record->number);
    put(bytes + 8, 8, record->operand);
}

const char *api_trace_get_header(struct api_header *header, const uint8_t *bytes, size_t size)
{
    if (size < API_TRACE_HEADER_BYTES || memcmp(bytes, magic, sizeof(magic)) != 0) {
        return "is no trace of calls";
    }
    if (get(bytes + 4, 2) != API_TRACE_VERSION) {
        return "is of another version";
    }
    if (get(bytes + 6, 2) != API_TRACE_RECORD_BYTES) {
        return "has records of another size";
    }
    header->start = (uint32_t)get(bytes + 8, 4);
    header->arch = bytes[12];
    header->is_mcs = (bytes[13] & 1) != 0;
    return NULL;
}

size_t api_trace_count(size_t size)
{
    return size < API_TRACE_HEADER_BYTES ? 0
                                         : (size - API_TRACE_HEADER_BYTES) / API_TRACE_RECORD_BYTES;
}

struct api_record api_trace_get(const uint8_t *bytes, size_t i)
{
    const uint8_t *const at = bytes + API_TRACE_HEADER_BYTES + i * API_TRACE_RECORD_BYTES;
    return (struct api_record){.operation = at[0],
                               .flags = at[1],
                               .type = at[2],
                               .size_bits = at[3],
                               .number = (uint32_t)get(at + 4, 4),
                               .operand = get(at + 8, 8)};
}

const char *api_operation_name(unsigned operation)
{
    const char *const name = operation < API_OPERATION_END ? operations[operation].name : NULL;
    return name ? name : "?";
}

void api_trace_print(const struct api_record *record, FILE *out)
{
    const unsigned fields =
        record->operation < API_OPERATION_END ? operations[record->operation].fields : 0;
    fprintf(out, "%s", api_operation_name(record->operation));
    if (fields & NUMBER) {
        fprintf(out, " #%" PRIu32, record->number);
    }
    if (fields & TYPE) {
        fprintf(out, " type %u", record->type);
    }
    if (fields & SIZE) {
        fprintf(out, " 2^%u", record->size_bits);
    }
    if (fields & OPERAND || record->flags & API_AT) {
        fprintf(out, " %s%#" PRIx64, record->flags & API_AT ? "at " : "", record->operand);
    }
    fprintf(out, "%s%s%s%s\n", record->flags & API_DEVICE ? " device" : "",
            record->flags & API_VKA ? " vka" : "", record->flags & API_OF_THING ? " relative" : "",
            record->flags & API_FAILED ? " failed" : "");
}
