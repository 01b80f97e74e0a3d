/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// The kernel model: boot it, count what it is asked, make it refuse.
///
/// A program that includes <sel4/sel4.h> and links with this library is the root task of a modelled
/// seL4 kernel inside an ordinary process. It boots the model from a record of a real machine and
/// then invokes capabilities as it would on that machine. What the model answers - errors, message
/// words, what becomes of capabilities and memory - is what the kernel answers.
///
/// Not modelled: other threads, IPC, devices, time. A call outside the model, and an invocation for
/// which a real kernel would fault the calling thread, stop the program: a line on standard error
/// says why, then abort().
///
/// The environment has switches, too, so that a program need not be changed, nor built again; they
/// take effect at a boot, and one that is wrong makes it fail:
///
///     SEL4MODEL_RECORD=FILE              what seL4_GetBootInfo() boots from if nothing has booted
///     SEL4MODEL_TRACE=text[:FILE]        trace every invocation (sel4model/trace.h), by default to
///     SEL4MODEL_TRACE=compact:FILE       standard error
///     SEL4MODEL_REFUSE=[KIND:]N:ERROR    refuse the N-th invocation of the kind, such as
///                                        Untyped_Retype:3:NotEnoughMemory
///     SEL4MODEL_REPORT=FILE              print the counters there at shutdown, at exit, and when
///                                        the model stops the program; "-" is standard error
///     SEL4MODEL_WEIGHTS=FILE             and the time that they come to (sel4model/costs.h)
///
/// Any host thread may call sel4model_*(); which may invoke, sel4model/threads.h says.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sel4/sel4.h>
#include <sel4model/invocations.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a boot may choose to differ from its record. All zero: nothing.
struct sel4model_options {
    unsigned root_cnode_bits; ///< log2 slots of the root CNode; 0: the record's. `empty` then ends
                              ///< where the CNode does.
    seL4_Word empty_end;      ///< slot at which `empty` ends; 0: the end of the CNode, or the
                              ///< record's if root_cnode_bits is 0 too
};

/// Boot the model from a record and make the calling thread its root task.
///
/// Sets the thread's IPC buffer (seL4_SetIPCBuffer()). A kernel that was booted before is shut down
/// first, once the record has been read and found good.
///
/// Shape:   `record` is the path of a JSON file (data/bootinfo/README.md); NULL: the one that
///          SEL4MODEL_RECORD names. The result belongs to the model, is writable, and lives
///          until the next boot or sel4model_shutdown(); seL4_GetBootInfo() returns it, too.
/// Errors:  NULL iff the file cannot be read, is no such record, contradicts itself, is of another
///          architecture than this build, or a switch in the environment is wrong;
///          sel4model_error() has the reason, which is also written to standard error. After an
///          error a kernel booted before runs on.
/// Cost:    time and memory in the number of slots that the record fills; not in the memory of its
///          machine, nor in the slots of its root CNode.
/// Kernel:  none
seL4_BootInfo *sel4model_boot(const char *record);

/// Boot the model from a record with some of the record's choices replaced.
///
/// Shape:   as sel4model_boot(); `options` may be NULL.
/// Errors:  as sel4model_boot(); also NULL iff an option contradicts the record or the
///          architecture.
/// Cost:    as sel4model_boot()
/// Kernel:  none
seL4_BootInfo *sel4model_boot_with(const char *record, const struct sel4model_options *options);

/// Take the model down: all objects, frames and mappings are gone, host memory is given back.
///
/// Needs:   nothing; without a booted kernel it does nothing. The bootinfo, the IPC buffer and
///          everything in mapped frames may not be touched afterwards.
/// Errors:  none
/// Cost:    time in the number of objects with host memory (CNodes, TCBs, paging structures)
/// Kernel:  none
void sel4model_shutdown(void);

/// Say why the last boot failed.
///
/// Shape:   one line, "<file>: <field>: <reason>", without newline; "" if no boot has failed or the
///          last one succeeded. Valid until the next boot.
/// Errors:  none
/// Kernel:  none
const char *sel4model_error(void);

/// Reserve a range of virtual addresses that nothing in the host process uses.
///
/// A real root task knows which addresses of its VSpace are free; a host process does not. Frames
/// can be mapped anywhere in the range, page tables for it must be mapped first as anywhere. Until
/// a frame is mapped, touching an address of the range is a segmentation fault, and the host uses
/// none of it until shutdown. At the first call after boot no paging structure covers the range.
///
/// Shape:   the first address; it is a multiple of the size that one last-level page table covers.
/// Units:   bytes, more than 0; rounded up to that same size.
/// Needs:   a booted kernel
/// Errors:  NULL iff the host has no such range
/// Cost:    a system call; no host memory
/// Kernel:  none
void *sel4model_free_vaddr(size_t bytes);

/// What the model counted since boot or the last reset of the counters.
struct sel4model_counters {
    /// count per kind, refused ones included
    unsigned long invocations[SEL4MODEL_INVOCATION_COUNT];
    /// count per kind of those that did not answer seL4_NoError
    unsigned long refused[SEL4MODEL_INVOCATION_COUNT];
    unsigned long injected; ///< count of those refused only because of sel4model_refuse()
    uint64_t bytes_zeroed;  ///< bytes of untyped memory that Retype cleared (or would have, where
                            ///< nothing had been written)
    uint64_t bytes_cleaned; ///< Arm: bytes that Retype cleaned from the data cache, those of new
                            ///< frames and paging structures
    uint64_t objects_created; ///< objects that Retype made
    uint64_t caps_removed;    ///< capabilities that deletion and revocation took out of slots
    uint64_t caps_revoked;    ///< descendants that Revoke came upon, one after another; what a CNode
                              ///< among them held is not counted here
    uint64_t slots_destroyed; ///< slots of CNodes and TCBs that died, empty ones too
};

/// Copy the counters.
///
/// Shape:   `*counters` is overwritten.
/// Needs:   a booted kernel
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
void sel4model_counters_get(struct sel4model_counters *counters);

/// Set all counters to zero.
///
/// Needs:   a booted kernel
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
void sel4model_counters_reset(void);

/// Add up one kind's count, or all.
///
/// Shape:   `kind` may be SEL4MODEL_ANY_INVOCATION.
/// Needs:   a booted kernel
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
unsigned long sel4model_invocations(enum sel4model_invocation kind);

/// Name a kind of invocation: "Untyped_Retype" for seL4_Untyped_Retype().
///
/// Shape:   a constant; "?" for a number that is no kind.
/// Errors:  none
/// Kernel:  none
const char *sel4model_invocation_name(enum sel4model_invocation kind);

/// Have the n-th invocation from now refused.
///
/// The refused invocation changes nothing. Its message words are those of the least specific case:
/// a failed lookup reports an invalid root, everything else zeros. One refusal can be pending; the
/// next call replaces it.
///
/// Shape:   `nth` 1 is the very next invocation; 0 cancels.
/// Needs:   a booted kernel; `error` is not seL4_NoError unless `nth` is 0
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
void sel4model_refuse(unsigned long nth, seL4_Error error);

/// Have the n-th invocation of one kind from now refused.
///
/// Shape:   as sel4model_refuse(); only invocations of `kind` are counted towards `nth`.
/// Needs:   a booted kernel; `error` is not seL4_NoError unless `nth` is 0
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
void sel4model_refuse_kind(enum sel4model_invocation kind, unsigned long nth, seL4_Error error);

#ifdef __cplusplus
}
#endif
