/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Failures as words. */

#include <allocman/status.h>

/* Longest piece of text or number that is written in one go; a sentence has a handful of them. */
#define PIECE_MAX 80

/* A text being written: always terminated, never beyond its end. */
struct writer {
    char *at;
    char *last; /* where the terminator goes at the latest */
};

const char *allocman_status_text(enum allocman_status status)
{
    switch (status) {
    case ALLOCMAN_OK:
        return "no failure";
    case ALLOCMAN_INVALID_ARGUMENT:
        return "invalid argument";
    case ALLOCMAN_INVALID_SIZE:
        return "impossible size";
    case ALLOCMAN_INVALID_TYPE:
        return "object type not possible here";
    case ALLOCMAN_UNALIGNED:
        return "physical address is no multiple of the size";
    case ALLOCMAN_NO_SLOT:
        return "out of capability slots";
    case ALLOCMAN_NO_UNTYPED:
        return "out of untyped memory";
    case ALLOCMAN_OVER_LIMIT:
        return "free only in blocks above the limit";
    case ALLOCMAN_NO_BOOK:
        return "out of book memory";
    case ALLOCMAN_NO_VIRTUAL:
        return "no free range in the virtual pool";
    case ALLOCMAN_ADDRESS_UNKNOWN:
        return "no untyped covers that physical address";
    case ALLOCMAN_ADDRESS_OCCUPIED:
        return "physical address occupied";
    case ALLOCMAN_SLOT_OCCUPIED:
        return "slot occupied";
    case ALLOCMAN_SLOT_NOT_ALLOCATED:
        return "slot is not allocated";
    case ALLOCMAN_BAD_COOKIE:
        return "cookie is not live";
    case ALLOCMAN_DOUBLE_FREE:
        return "freed twice";
    case ALLOCMAN_WRONG_SIZE:
        return "freed with another size";
    case ALLOCMAN_STILL_IN_USE:
        return "freed while capabilities to it were alive";
    case ALLOCMAN_BAD_POINTER:
        return "no block of book memory, or written to while free";
    case ALLOCMAN_ALREADY_ADDED:
        return "untyped was handed in before";
    case ALLOCMAN_PARTLY_USED:
        return "untyped holds somebody else's objects";
    case ALLOCMAN_NOT_UNTYPED:
        return "handed in, but no untyped of that kind";
    case ALLOCMAN_OVERLAPS:
        return "overlaps memory that was handed in before";
    case ALLOCMAN_POOL_TOO_SMALL:
        return "static pool too small";
    case ALLOCMAN_NO_RAM:
        return "no RAM untyped";
    case ALLOCMAN_NOT_ATTACHED:
        return "manager not attached";
    case ALLOCMAN_ALREADY_ATTACHED:
        return "manager attached already";
    case ALLOCMAN_KERNEL_REFUSED:
        return "refused by the kernel";
    case ALLOCMAN_STATUS_COUNT:
        break;
    }
    return "unknown status";
}

static const char *kernel_error_text(seL4_Error error)
{
    static const char *const text[] = {
        "no error",     "invalid argument", "invalid capability", "illegal operation",
        "range error",  "alignment error",  "failed lookup",      "truncated message",
        "delete first", "revoke first",     "not enough memory"};
    return (size_t)error < sizeof(text) / sizeof(text[0]) ? text[error] : "unknown error";
}

static void write_text(struct writer *w, const char *text)
{
    for (unsigned i = 0; i < PIECE_MAX && text[i] && w->at < w->last; i++) {
        *w->at++ = text[i];
    }
}

static void write_number(struct writer *w, seL4_Word value, unsigned base)
{
    char digits[24];
    unsigned count = 0;
    do { /* at most 20 digits */
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (count > 0 && w->at < w->last) {
        *w->at++ = digits[--count];
    }
}

static void write_amount(struct writer *w, const char *before, seL4_Word value, const char *after)
{
    write_text(w, before);
    write_number(w, value, 10);
    write_text(w, after);
}

static void write_hex(struct writer *w, const char *before, seL4_Word value)
{
    write_text(w, before);
    write_text(w, "0x");
    write_number(w, value, 16);
}

/* The amounts of a failure, after its name. */
static void write_amounts(struct writer *w, const struct allocman_failure *f)
{
    switch (f->status) {
    case ALLOCMAN_POOL_TOO_SMALL:
        write_amount(w, ": ", f->available, " bytes given, ");
        write_amount(w, "", f->needed, " needed");
        break;
    case ALLOCMAN_NO_BOOK:
    case ALLOCMAN_NO_VIRTUAL:
        write_amount(w, ": ", f->needed, " bytes needed, ");
        write_amount(w, "", f->available, f->status == ALLOCMAN_NO_BOOK ? " free in all" : " left");
        break;
    case ALLOCMAN_NO_SLOT:
        write_amount(w, ": ", f->needed, " needed, ");
        write_amount(w, "", f->available, " free");
        break;
    case ALLOCMAN_NO_UNTYPED:
        write_amount(w, ": 2^", f->needed, " bytes needed, ");
        if (f->available) {
            write_amount(w, "largest free block 2^", f->available, "");
        } else {
            write_text(w, "nothing free");
        }
        break;
    case ALLOCMAN_OVER_LIMIT:
        write_amount(w, ": 2^", f->needed, " bytes needed, ");
        write_amount(w, "limit 2^", f->available, "");
        break;
    case ALLOCMAN_ADDRESS_UNKNOWN:
    case ALLOCMAN_ADDRESS_OCCUPIED:
    case ALLOCMAN_UNALIGNED:
        write_amount(w, ": 2^", f->needed, " bytes");
        write_hex(w, " at ", f->available);
        break;
    case ALLOCMAN_WRONG_SIZE:
        write_amount(w, ": 2^", f->available, " bytes given, ");
        write_amount(w, "the block has 2^", f->needed, "");
        break;
    case ALLOCMAN_BAD_COOKIE:
    case ALLOCMAN_DOUBLE_FREE:
        write_hex(w, ": cookie ", f->needed);
        break;
    case ALLOCMAN_SLOT_NOT_ALLOCATED:
    case ALLOCMAN_SLOT_OCCUPIED:
    case ALLOCMAN_NOT_UNTYPED:
        write_hex(w, ": slot ", f->needed);
        break;
    case ALLOCMAN_OVERLAPS:
        write_hex(w, ": ", f->needed);
        break;
    case ALLOCMAN_INVALID_SIZE:
    case ALLOCMAN_PARTLY_USED:
        write_amount(w, ": 2^", f->needed, " bytes");
        break;
    default:
        break;
    }
}

char *allocman_failure_text(const struct allocman_failure *failure, char *text, size_t bytes)
{
    if (bytes == 0) {
        return text;
    }
    struct writer w = {.at = text, .last = text + bytes - 1};
    write_text(&w, allocman_status_text(failure->status));
    write_amounts(&w, failure);
    if (failure->kernel_error != seL4_NoError) {
        write_text(&w, " (kernel: ");
        write_text(&w, kernel_error_text(failure->kernel_error));
        write_text(&w, ")");
    }
    *w.at = '\0';
    return text;
}
