/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Mutations of traces of calls: records come and go, and change, as records.

#include "fuzz.h"

#include <string.h>

#define HEAD   API_TRACE_HEADER_BYTES
#define RECORD API_TRACE_RECORD_BYTES

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed);

struct trace {
    uint8_t *data;
    size_t records, records_max;
    struct rng rng;
};

static uint8_t *record_at(const struct trace *t, size_t i)
{
    return t->data + HEAD + i * RECORD;
}

static size_t somewhere(struct trace *t, size_t count)
{
    return count ? rng_below(&t->rng, count) : 0;
}

// Room for `count` records at `at`.
static bool open_gap(struct trace *t, size_t at, size_t count)
{
    if (t->records + count > t->records_max) {
        return false;
    }
    memmove(record_at(t, at + count), record_at(t, at), (t->records - at) * RECORD);
    t->records += count;
    return true;
}

static void close_gap(struct trace *t, size_t at, size_t count)
{
    memmove(record_at(t, at), record_at(t, at + count), (t->records - at - count) * RECORD);
    t->records -= count;
}

static void choose(struct trace *t, struct api_record *r)
{
    *r = (struct api_record){.number = rng_below(&t->rng, 64)};
    fuzz_target.choose(&t->rng, r);
}

static void insert(struct trace *t)
{
    struct api_record r;
    const size_t at = somewhere(t, t->records + 1);
    if (open_gap(t, at, 1)) {
        choose(t, &r);
        api_trace_put(&r, record_at(t, at));
    }
}

// The same call again and again, numbers rising: fills something, or empties it.
static void insert_run(struct trace *t)
{
    struct api_record r;
    const size_t at = somewhere(t, t->records + 1), count = rng_from(&t->rng, 2, 40);
    if (!open_gap(t, at, count)) {
        return;
    }
    choose(t, &r);
    for (size_t i = 0; i < count; i++, r.number++) {
        api_trace_put(&r, record_at(t, at + i));
    }
}

static void copy_some(struct trace *t)
{
    const size_t count = 1 + somewhere(t, t->records < 8 ? t->records : 8);
    const size_t to = somewhere(t, t->records + 1);
    if (t->records >= count && open_gap(t, to, count)) {
        const size_t from = somewhere(t, t->records - count + 1);
        memmove(record_at(t, to), record_at(t, from), count * RECORD);
    }
}

static void drop_some(struct trace *t)
{
    if (t->records > 0) {
        const size_t at = somewhere(t, t->records);
        const size_t left = t->records - at;
        close_gap(t, at, 1 + somewhere(t, left < 6 ? left : 6));
    }
}

// One field takes the value that another choice has for it.
static void change(struct trace *t)
{
    struct api_record fresh;
    if (t->records == 0) {
        return;
    }
    uint8_t *const at = record_at(t, somewhere(t, t->records));
    struct api_record r = api_trace_get(at - HEAD, 0);
    choose(t, &fresh);
    switch (rng_below(&t->rng, 7)) {
    case 0:
        r.operation = fresh.operation;
        break;
    case 1:
        r.flags ^= (uint8_t)(1u << rng_below(&t->rng, 4));
        break;
    case 2:
        r.type = fresh.type;
        break;
    case 3:
        r.size_bits = (uint8_t)(r.size_bits + rng_below(&t->rng, 5) - 2);
        break;
    case 4:
        r.number = fresh.number;
        break;
    case 5:
        r.operand += (uint64_t)rng_below(&t->rng, 9) - 4;
        break;
    default:
        r.operand = fresh.operand;
        break;
    }
    api_trace_put(&r, at);
}

static void change_bytes(struct trace *t)
{
    if (t->records > 0) {
        (void)LLVMFuzzerMutate(record_at(t, somewhere(t, t->records)), RECORD, RECORD);
    }
}

static void change_start(struct trace *t)
{
    const struct api_header header = {.start = rng_below(&t->rng, fuzz_target.starts),
                                      .arch = API_ARCH_X86_64};
    api_trace_put_header(&header, t->data);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct api_header header;
    struct trace t = {.data = data,
                      .records = api_trace_count(size),
                      .records_max = api_trace_count(max_size),
                      .rng = {seed}};
    if (fuzz_target.mutate && rng_percent(&t.rng, 70)) {
        return fuzz_target.mutate(&t.rng, data, size, max_size);
    }
    if (!fuzz_target.choose) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    if (max_size < HEAD) {
        return size;
    }
    if (api_trace_get_header(&header, data, size) != NULL) {
        t.records = 0;
        change_start(&t);
    }
    for (unsigned left = rng_from(&t.rng, 1, 4); left > 0; left--) {
        const unsigned what = rng_below(&t.rng, 100);
        what < 35   ? insert(&t)
        : what < 45 ? insert_run(&t)
        : what < 55 ? copy_some(&t)
        : what < 65 ? drop_some(&t)
        : what < 88 ? change(&t)
        : what < 97 ? change_bytes(&t)
                    : change_start(&t);
    }
    return HEAD + t.records * RECORD;
}

// The first records of one, the last of the other.
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    struct rng rng = {seed};
    if (!fuzz_target.choose || size1 < HEAD || size2 < HEAD || max_out < HEAD) {
        const size_t size = size1 < max_out ? size1 : max_out;
        memcpy(out, data1, size);
        return size;
    }
    const size_t room = api_trace_count(max_out);
    const size_t first = rng_below(&rng, api_trace_count(size1) + 1);
    const size_t taken = first < room ? first : room;
    const size_t from = rng_below(&rng, api_trace_count(size2) + 1);
    const size_t rest = api_trace_count(size2) - from;
    const size_t added = rest < room - taken ? rest : room - taken;
    memcpy(out, data1, HEAD + taken * RECORD);
    memcpy(out + HEAD + taken * RECORD, data2 + HEAD + from * RECORD, added * RECORD);
    return HEAD + (taken + added) * RECORD;
}
