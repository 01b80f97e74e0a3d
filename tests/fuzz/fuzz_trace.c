/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Compact traces of the model (docs/model.md) made into text: what is none is refused with a reason. A
// byte of the input before the trace says whether it gets a good header, whose digest a fuzzer would
// not guess.

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <sel4model/trace.h>

#include "trace.h"

const struct fuzz_target fuzz_target = {.name = "fuzz_trace"};

static size_t put_header(uint8_t *bytes, size_t size)
{
    FILE *const out = fmemopen(bytes, size, "wb");
    FUZZ_EXPECT(out, "no file");
    model_trace_write_header(out);
    FUZZ_EXPECT(fclose(out) == 0, "no file");
    return TRACE_HEADER_BYTES;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    uint8_t *const bytes = calloc(1, TRACE_HEADER_BYTES + 1 + size);
    FUZZ_EXPECT(bytes, "no memory");
    const size_t head = data[0] & 1 ? put_header(bytes, TRACE_HEADER_BYTES + 1) : 0;
    memcpy(bytes + head, data + 1, size - 1);
    FILE *const compact = fmemopen(bytes, head + size - 1 > 0 ? head + size - 1 : 1, "rb");
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    FUZZ_EXPECT(compact && out, "no file");
    const char *const wrong = sel4model_trace_print(compact, out);
    FUZZ_EXPECT(fclose(out) == 0 && fclose(compact) == 0, "no file");
    FUZZ_EXPECT(wrong == NULL || wrong[0] != '\0', "refused without a reason");
    FUZZ_EXPECT(strlen(text) == length, "the text has a zero in it");
    if (fuzz_out) {
        fprintf(fuzz_out, "%s%s\n", text, wrong ? wrong : "whole");
    }
    free(text);
    free(bytes);
    return 0;
}
