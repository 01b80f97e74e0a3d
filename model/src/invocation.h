/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* One invocation on its way through the kernel. */
#pragma once

#include "slot.h"

enum {
    MODEL_MESSAGE_WORDS = 8, /* CNode_Rotate has the most */
    MODEL_EXTRA_CAPS = 3,
};

struct invocation {
    enum sel4model_invocation kind;
    seL4_CPtr service;
    unsigned length;                   /* message words */
    unsigned cap_count;                /* extra capabilities */
    seL4_Word mr[MODEL_MESSAGE_WORDS]; /* in: arguments; out: results, or words of the error */
    seL4_CPtr caps[MODEL_EXTRA_CAPS];
    bool is_buffered; /* the words from MODEL_MESSAGE_REGISTERS on are in the IPC buffer already */
    /* filled in by model_invoke(): */
    struct slot *slot;                    /* of the invoked capability */
    struct slot *extra[MODEL_EXTRA_CAPS]; /* null where none was given */
    unsigned written;                     /* message words of an error */
};

/* A time has 64 bits: words of a message, the low one first. */
enum { MODEL_TIME_WORDS = 64 / CONFIG_WORD_SIZE };

static inline void model_time_put(struct invocation *call, unsigned word, seL4_Time time)
{
    for (unsigned i = 0; i < MODEL_TIME_WORDS; i++) {
        call->mr[word + i] = (seL4_Word)(time >> (i * CONFIG_WORD_SIZE));
    }
}

static inline seL4_Time model_time_get(const struct invocation *call, unsigned word)
{
    seL4_Time time = 0;
    for (unsigned i = 0; i < MODEL_TIME_WORDS; i++) {
        time |= (seL4_Time)call->mr[word + i] << (i * CONFIG_WORD_SIZE);
    }
    return time;
}

/* Carry out an invocation as the calling thread: count it, look its capabilities up, decode it,
 * leave the words of an error in the IPC buffer. */
seL4_Error model_invoke(struct invocation *call);

/* "seL4_Untyped_Retype", in a buffer of the calling host thread. */
const char *model_call_name(const struct invocation *call);

/* Answers of a refused invocation; each sets the words that go with the error. */
seL4_Error model_fail_argument(struct invocation *call, seL4_Word number);
seL4_Error model_fail_capability(struct invocation *call, seL4_Word number);
seL4_Error model_fail_range(struct invocation *call, seL4_Word min, seL4_Word max);
seL4_Error model_fail_memory(struct invocation *call, seL4_Word bytes_left);
seL4_Error model_fail_missing(struct invocation *call, bool is_source, seL4_Word bits_left);
seL4_Error model_fail_root(struct invocation *call, bool is_source);

/* lookup.c: what a walk through a CSpace met. */
struct lookup {
    struct slot *slot;    /* null iff the walk failed */
    unsigned bits_left;   /* address bits not used up */
    seL4_Word failure;    /* seL4_LookupFailureType */
    seL4_Word found;      /* depth mismatch: bits of the level; guard mismatch: the guard */
    seL4_Word found_bits; /* guard mismatch: bits of the guard */
};

struct lookup model_resolve(const struct cap *root, seL4_Word cptr, unsigned bits);
struct slot *model_lookup_or_fault(const struct invocation *call, seL4_CPtr cptr);
seL4_Error model_lookup_for_cnode(struct invocation *call, bool is_source, const struct cap *root,
                                  seL4_Word index, seL4_Word depth, struct slot **slot);

/* Decoders, one a kind of capability. */
seL4_Error model_decode_untyped(struct invocation *call);
seL4_Error model_decode_cnode(struct invocation *call);
seL4_Error model_decode_tcb(struct invocation *call);
seL4_Error model_decode_domain(struct invocation *call);
#ifdef CONFIG_KERNEL_MCS
seL4_Error model_decode_sched_context(struct invocation *call);
seL4_Error model_decode_sched_control(struct invocation *call);
#endif
seL4_Error model_decode_irq_control(struct invocation *call);
seL4_Error model_decode_irq_handler(struct invocation *call);

/* irq.c: the slot for a new handler capability, and putting it there. */
seL4_Error model_irq_find_slot(struct invocation *call, seL4_Word index, seL4_Word depth,
                               struct slot **dest);
void model_irq_install(const struct invocation *call, seL4_Word irq, struct slot *dest);
void model_irq_deleting(uint64_t irq);
void model_irq_deleted(uint64_t irq);

/* tcb.c: threads stop and run in name only; the calling one cannot stop itself. */
void model_tcb_suspend(const struct invocation *call, struct tcb *tcb);
void model_tcb_restart(struct tcb *tcb);
/* tcb_registers.c */
seL4_Error model_tcb_read_registers(struct invocation *call);
seL4_Error model_tcb_write_registers(struct invocation *call);
seL4_Error model_tcb_copy_registers(struct invocation *call);
seL4_Error model_tcb_set_tls_base(const struct invocation *call);
