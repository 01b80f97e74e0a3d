/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// A test program is run again and again: each time one invocation that the allocator makes, or one
// of its requests for book memory, is refused, or a pair of them. The test is built as it is; what
// it asks of cmocka, and the allocator's public calls, come here first (ld --wrap).
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include <allocman/bootstrap.h>
#include <sel4model/sel4model.h>

#define FAULTS_MAX 2u // in one run

// What is to be refused; 0: nothing.
struct fault {
    unsigned long nth; // invocation that the allocator makes, from 1 on
    unsigned choice;   // which of the errors that the kernel has for it
};

struct plan {
    struct fault kernel[FAULTS_MAX];
    unsigned long book; // request for book memory, from 1 on
};

// What became of a fault.
struct hit {
    enum sel4model_invocation kind;
    seL4_Error error; // seL4_NoError: it was book memory
};

// One run of one test.
struct run {
    const char *test;
    struct plan plan;
    bool refuses;              // the test has something refused itself
    bool is_clean;             // nothing is refused; what happens is noted
    bool skipped;              // the test ends itself: it is of no use here
    unsigned inside;           // calls of the allocator on the stack
    unsigned long calls;       // outermost calls so far
    unsigned long invocations; // that the allocator made
    unsigned long books;       // requests for book memory that it made
    struct hit hit[FAULTS_MAX + 1];
    unsigned hits, hits_before; // so far; before the outermost call in progress
    unsigned long probe;        // call after which the state is looked at, in a clean run
    unsigned long wrong_call;   // call after which it was wrong
    char wrong[400];            // what; "": nothing
    int status;                 // what the call came to in which the first fault was
};

extern struct run run;

// How many errors the kernel has for an invocation of that kind.
unsigned refusals_choices(enum sel4model_invocation kind);

// Kinds of the invocations of the clean run.
enum sel4model_invocation refusals_kind(unsigned long nth);

// A call of the allocator begins, and ends with that status: of the outermost, what was refused in it
// is judged. `told` tells that the allocman has the reason too; `why` has it where that is not NULL.
void call_begin(void);
void call_end(allocman_t *alloc, int status, bool told, const struct allocman_failure *why);

// Nothing of what the program prints is shown but what the runner tells.
void refusals_quiet(void);

// Take the machine down that is kept for the next boot.
void boot_forget(void);

// Is a request for book memory to be refused?
bool book_is_refused(void);

// Something is wrong; the first is kept.
__attribute__((format(printf, 1, 2))) void run_wrong(const char *format, ...);

// --- ledger.c: what the test has ------------------------------------------------------------------

void ledger_clear(void);
void ledger_booted(bool booted);
void ledger_adopt(allocman_t *alloc); // a new allocman: nothing is live
allocman_t *ledger_allocman(void);
void ledger_slot(allocman_t *alloc, seL4_CPtr slot, bool live);
void ledger_object(allocman_t *alloc, seL4_Word cookie, size_t size_bits,
                   const cspacepath_t *path); // NULL: freed
void ledger_book(allocman_t *alloc, void *block, size_t bytes, bool live);
void ledger_pool(void *vstart, size_t bytes); // a virtual pool was attached

// Delete every capability that the test has, give everything back, reclaim. False: it cannot be done,
// because the test ended within a call.
bool ledger_give_back(void);

// What holds at the moment, as bits; what does not, in `text`.
#define HOLDS_LAWS    1u // validators
#define HOLDS_AGREE   2u // books and kernel
#define HOLDS_SLOTS   4u // every slot is free, the allocator's own, or held for book memory
#define HOLDS_WHOLE   8u // nothing is allocated or split but for book memory
#define HOLDS_ALL     15u
#define HOLDS_NOTHING (1u << 31) // there is no allocman, or one in the middle of a call
unsigned ledger_holds(bool at_end, char *text, size_t bytes);
