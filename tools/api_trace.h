/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Calls of an allocman as a file: a header, then one record of 16 bytes a call. docs/trace.md
 * describes it byte by byte; this is the one reader and writer. The random tests write such files,
 * the fuzzers read them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define API_TRACE_VERSION      1u
#define API_TRACE_HEADER_BYTES 16u
#define API_TRACE_RECORD_BYTES 16u

/* What was called. Numbers keep their meaning for ever; new ones are added behind. */
enum api_operation {
    API_NOTHING = 0,
    API_SLOT_ALLOC = 1, /* -> number */
    API_SLOT_FREE = 2,  /* number */
    API_OBJECT_ALLOC =
        3, /* type, size_bits -> number, in a slot of its own; with API_AT at operand */
    API_OBJECT_FREE = 4,     /* number: Delete, then object and slot are freed */
    API_BOOK_ALLOC = 5,      /* operand: bytes -> number */
    API_BOOK_FREE = 6,       /* number */
    API_ADD_UNTYPED = 7,     /* number: of the start's untypeds that were kept back */
    API_RECLAIM = 8,         /* */
    API_FILL_RESERVES = 9,   /* */
    API_RESERVE_SLOTS = 10,  /* operand: slots */
    API_RESERVE_OBJECT = 11, /* type, size_bits; operand: pieces */
    API_RESERVE_BOOK = 12,   /* number: bytes; operand: pieces */
    API_RUN_ALLOC = 13,      /* size_bits: log2 slots -> number; of one manager */
    API_RUN_FREE = 14,       /* number */
    API_SLOT_ALLOC_AT = 15,  /* operand: the slot -> number; of one manager */
    API_DESTROY = 16,        /* the manager is given back, and made anew */
    API_SET_LIMITS = 17, /* size_bits: zeroed_bits; type: fan_out_bits; operand, bit 0: lazily */
    API_PREPARE = 18,    /* */
    /* What a tester does besides. */
    API_REFUSE = 64,   /* operand: the n-th invocation from now is refused; type: with what */
    API_MAP = 65,      /* number: a frame; operand: at which page of the tester's own */
    API_LEAK = 66,     /* number: an object, freed while a copy of its capability stays -> number */
    API_LEAK_END = 67, /* number: the copy is deleted */
    API_OCCUPIED = 68, /* number: an object, in whose slot another of size_bits is made */
    API_WRONG_SIZE = 69,   /* number: an object, freed as one of size_bits */
    API_STALE = 70,        /* number: of the objects freed last; freed again */
    API_BAD_COOKIE = 71,   /* operand is freed; with API_OF_THING the number's cookie xor operand */
    API_BAD_SLOT = 72,     /* operand: a slot that is not allocated, freed */
    API_BAD_BOOK = 73,     /* number: a block, freed from operand bytes on, or as one of so many */
    API_DOUBLE_SLOT = 74,  /* a slot is allocated, freed, and freed again */
    API_DOUBLE_BOOK = 75,  /* operand bytes of book memory, likewise */
    API_NONSENSE = 76,     /* number: of the requests that no allocator could serve */
    API_NEST = 77,         /* number; type, size_bits, operand: bytes. Asked for by a manager */
    API_BOOK_REFUSE = 78,  /* operand: so many requests are still served by the tester's heap */
    API_LARGEST = 79,      /* the largest untyped there is -> number */
    API_OPERATION_END = 80 /* no operation */
};

/* Flags of a record. */
#define API_DEVICE   0x01u /* may be device memory */
#define API_AT       0x02u /* at a physical address: the operand */
#define API_VKA      0x04u /* by way of the allocman's vka */
#define API_OF_THING 0x08u /* the operand is relative to what the number names */
#define API_FAILED   0x80u /* the call was refused; a replay does not look at it */

/* One call. Things (slots, objects, book memory) have numbers of the trace's own: an allocation says
 * which one its thing gets, a free names it. */
struct api_record {
    uint8_t operation; /* enum api_operation */
    uint8_t flags;
    uint8_t type;      /* object type, as the kernel numbers them */
    uint8_t size_bits; /* log2 bytes, also for CNodes */
    uint32_t number;
    uint64_t operand;
};

enum api_arch {
    API_ARCH_X86_64 = 1,
    API_ARCH_IA32 = 2,
    API_ARCH_AARCH64 = 3,
    API_ARCH_AARCH32 = 4,
    API_ARCH_RISCV64 = 5,
    API_ARCH_RISCV32 = 6
};

/* What stands before the records. */
struct api_header {
    uint32_t start; /* which start, of those that the reader knows; docs/trace.md */
    uint8_t arch;   /* enum api_arch: object types have its numbers */
    bool is_mcs;    /* and those of an MCS kernel */
};

/* Write header or record to `bytes`, API_TRACE_HEADER_BYTES or API_TRACE_RECORD_BYTES of them. */
void api_trace_put_header(const struct api_header *header, uint8_t *bytes);
void api_trace_put(const struct api_record *record, uint8_t *bytes);

/* Read a header. NULL, or what is wrong with it. */
const char *api_trace_get_header(struct api_header *header, const uint8_t *bytes, size_t size);

/* Records behind the header of a file of `size` bytes; what is left over is no record. */
size_t api_trace_count(size_t size);

/* Record `i` of a file with a good header. */
struct api_record api_trace_get(const uint8_t *bytes, size_t i);

/* "object_alloc", ... ; "?" for a number that is no operation. */
const char *api_operation_name(unsigned operation);

/* One line for people to read. */
void api_trace_print(const struct api_record *record, FILE *out);
