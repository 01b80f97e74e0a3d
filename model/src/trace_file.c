/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The compact form of a trace (docs/model.md describes it). */
#include "trace.h"

#include <string.h>

#include <sel4model/trace.h>

#define TEXT_OF(token)          #token
#define EXPANDED_TEXT_OF(macro) TEXT_OF(macro)

/* 8 bytes magic, 16 bytes architecture, 8 bytes digest of the names of all kinds. */
struct header {
    uint8_t bytes[TRACE_HEADER_BYTES];
};

/* FNV-1a over the names of all kinds in order: their numbers are what the file has. */
static uint64_t names_digest(void)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        const char *name = sel4model_invocation_name((enum sel4model_invocation)kind);
        for (size_t i = 0; i <= strlen(name); i++) {
            digest = (digest ^ (uint8_t)name[i]) * UINT64_C(0x100000001b3);
        }
    }
    return digest;
}

static struct header make_header(void)
{
    static const char magic[] = "sel4tr1\n";
    static const char arch[] = EXPANDED_TEXT_OF(CONFIG_SEL4_ARCH);
    struct header header = {{0}};
    const uint64_t digest = names_digest();
    memcpy(header.bytes, magic, TRACE_MAGIC_BYTES);
    memcpy(header.bytes + TRACE_MAGIC_BYTES, arch, sizeof(arch) - 1);
    for (unsigned i = 0; i < 8; i++) {
        header.bytes[24 + i] = (uint8_t)(digest >> 8 * i);
    }
    return header;
}

void model_trace_write_header(FILE *out)
{
    const struct header header = make_header();
    (void)fwrite(header.bytes, sizeof(header.bytes), 1, out);
}

/* Seven bits a byte, least significant first; the high bit says that more follow. */
static size_t put_number(uint8_t *at, uint64_t number)
{
    size_t used = 0;
    while (number > 0x7f) {
        at[used++] = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    at[used++] = (uint8_t)number;
    return used;
}

void model_trace_write_event(const struct trace_event *event, FILE *out)
{
    /* Five bytes, and at most 2 + 8 + 3 + 5 numbers of at most 10. */
    uint8_t bytes[256] = {event->kind};
    size_t used = 1;
    if (event->kind < SEL4MODEL_INVOCATION_COUNT) {
        bytes[1] = event->error;
        bytes[2] = (uint8_t)(event->word_count << 4 | event->cap_count);
        bytes[3] = (uint8_t)(event->result_count | (event->is_injected ? 0x80u : 0u));
        bytes[4] = event->cap_kind;
        used = 5;
        used += put_number(bytes + used, event->thread);
        used += put_number(bytes + used, event->service);
        for (unsigned i = 0; i < event->word_count; i++) {
            used += put_number(bytes + used, event->words[i]);
        }
        for (unsigned i = 0; i < event->cap_count; i++) {
            used += put_number(bytes + used, event->caps[i]);
        }
        for (unsigned i = 0; i < event->result_count; i++) {
            used += put_number(bytes + used, event->results[i]);
        }
    }
    (void)fwrite(bytes, used, 1, out);
}

/* False iff the file ends before the number does, or it has too many bytes. */
static bool get_number(FILE *in, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const int byte = fgetc(in);
        if (byte == EOF) {
            return false;
        }
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

static bool get_words(FILE *in, seL4_Word *words, unsigned count)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!get_number(in, &number)) {
            return false;
        }
        words[i] = (seL4_Word)number;
    }
    return true;
}

/* The rest of an event whose kind has been read. */
static bool read_event(FILE *in, struct trace_event *event)
{
    uint8_t bytes[4];
    uint64_t thread = 0;
    if (event->kind >= SEL4MODEL_INVOCATION_COUNT) {
        return event->kind == TRACE_BOOT || event->kind == TRACE_RESTORE;
    }
    if (fread(bytes, sizeof(bytes), 1, in) != 1) {
        return false;
    }
    event->error = bytes[0];
    event->word_count = bytes[1] >> 4;
    event->cap_count = bytes[1] & 0xf;
    event->result_count = bytes[2] & 0x7f;
    event->is_injected = (bytes[2] & 0x80) != 0;
    event->cap_kind = bytes[3];
    if (event->word_count > MODEL_MESSAGE_WORDS || event->cap_count > MODEL_EXTRA_CAPS ||
        event->result_count > TRACE_RESULTS_MAX || !get_number(in, &thread)) {
        return false;
    }
    event->thread = (unsigned)thread;
    return get_words(in, &event->service, 1) && get_words(in, event->words, event->word_count) &&
           get_words(in, event->caps, event->cap_count) &&
           get_words(in, event->results, event->result_count);
}

const char *sel4model_trace_print(FILE *compact, FILE *text)
{
    struct header header;
    const struct header own = make_header();
    unsigned long number = 0;
    if (fread(header.bytes, sizeof(header.bytes), 1, compact) != 1 ||
        memcmp(header.bytes, own.bytes, TRACE_MAGIC_BYTES) != 0) {
        return "is no compact trace";
    }
    if (memcmp(header.bytes, own.bytes, sizeof(own.bytes)) != 0) {
        return "is a trace of another architecture, kernel or version of the model";
    }
    /* Bound: the file; each round reads at least a byte. */
    for (int kind = fgetc(compact); kind != EOF; kind = fgetc(compact)) {
        struct trace_event event = {.kind = (uint8_t)kind};
        if (!read_event(compact, &event)) {
            return "ends within an invocation, or is damaged";
        }
        number = kind < SEL4MODEL_INVOCATION_COUNT ? number + 1 : 0;
        model_trace_print_event(&event, number, text);
    }
    return NULL;
}
