/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Why a call did not do what it was asked for: one status, the amounts that go with it, one
 * sentence. */

#include <stddef.h>
#include <stdint.h>
#include <sel4/sel4.h>

/// What a call came to. Every `int` result of the published interface is one of these; 0 is
/// success.
enum allocman_status {
    ALLOCMAN_OK = 0,           ///< done
    ALLOCMAN_INVALID_ARGUMENT, ///< a null pointer, or values that contradict each other
    ALLOCMAN_INVALID_SIZE,     ///< impossible, or not that type's; needed: size_bits
    ALLOCMAN_INVALID_TYPE,     ///< no such object type, or not in that kind of memory
    ALLOCMAN_UNALIGNED,        ///< address: no multiple of the size from its untyped's base
    ALLOCMAN_NO_SLOT,          ///< capability slots ran out; needed, available: slots
    ALLOCMAN_NO_UNTYPED,       ///< no block is large enough; needed, available: log2 bytes
    ALLOCMAN_OVER_LIMIT,       ///< only blocks above the limit are left; log2 bytes: wanted, limit
    ALLOCMAN_NO_BOOK,          ///< book memory ran out; needed, available (in all): bytes
    ALLOCMAN_NO_VIRTUAL,       ///< virtual pool: no free range that long; bytes likewise
    ALLOCMAN_ADDRESS_UNKNOWN,  ///< no untyped that may be used covers that physical address
    ALLOCMAN_ADDRESS_OCCUPIED, ///< an allocation covers it, or keeps it cut up finer
    ALLOCMAN_SLOT_OCCUPIED,    ///< the destination slot holds a capability already
    ALLOCMAN_SLOT_NOT_ALLOCATED, ///< misuse: a slot was freed that was free already or is not ours
    ALLOCMAN_BAD_COOKIE,         ///< misuse: the cookie names no live block; needed: the cookie
    ALLOCMAN_DOUBLE_FREE,        ///< misuse: the cookie's block is free already; needed: the cookie
    ALLOCMAN_WRONG_SIZE,         ///< misuse: another size; needed: the block's, available: given
    ALLOCMAN_STILL_IN_USE,       ///< misuse: freed while capabilities were alive; repaired
    ALLOCMAN_BAD_POINTER,        ///< misuse: freed what is no block, or wrote to what is free
    ALLOCMAN_ALREADY_ADDED,      ///< misuse: that untyped was handed in before
    ALLOCMAN_PARTLY_USED,        ///< holds somebody else's objects: set aside; needed: size_bits
    ALLOCMAN_NOT_UNTYPED,        ///< handed in, but no such untyped: set aside; needed: slot
    ALLOCMAN_OVERLAPS,           ///< misuse: memory that another has too; needed: its slot or start
    ALLOCMAN_POOL_TOO_SMALL,     ///< static pool too small; needed, available: bytes
    ALLOCMAN_NO_RAM,             ///< the boot information lists no untyped that is RAM
    ALLOCMAN_NOT_ATTACHED,       ///< that manager was not attached
    ALLOCMAN_ALREADY_ATTACHED,   ///< that manager was attached before
    ALLOCMAN_KERNEL_REFUSED,     ///< refused for another reason: see kernel_error
    ALLOCMAN_STATUS_COUNT        ///< how many there are; no status itself
};

/// A failure with its amounts; what they count stands at each status above.
struct allocman_failure {
    enum allocman_status status; ///< what ran out or was wrong
    seL4_Word needed;            ///< amount asked for, or the offending value
    seL4_Word available;         ///< amount there was
    seL4_Error kernel_error;     ///< the kernel's own answer where one was had, else seL4_NoError
};

/// Name a status in a few words.
///
/// Shape:   a constant string, never NULL; "unknown status" for a value outside the enumeration.
/// Errors:  none.
/// Cost:    constant.
/// Kernel:  none.
const char *allocman_status_text(enum allocman_status status);

/// Write a failure as one sentence with its amounts, such as
/// "static pool too small: 4096 bytes given, 13520 needed".
///
/// Shape:   `text` receives at most `bytes` bytes, always terminated; the result is `text`, so that
///          the call can stand inside another. 160 bytes hold every sentence whole.
/// Units:   bytes = size of `text`; 0 writes nothing.
/// Errors:  none.
/// Cost:    constant.
/// Kernel:  none.
char *allocman_failure_text(const struct allocman_failure *failure, char *text, size_t bytes);
