/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Runs every test of a program as it is, and then with everything refused that can be, one at a time.
//
//     ALLOCMAN_FAULTS=N     at most about N runs of each list of faults of a test (invocations, book
//                           memory, pairs), spread over all that there are, fewer of long tests; 0: all
//     ALLOCMAN_TEST=NAME    only that test; with ALLOCMAN_VERBOSE its invocations
//     ALLOCMAN_FAULT=N,C    only the run in which the N-th invocation is refused with the C-th error;
//                           N,C,M,D: and the M-th with the D-th

#include "refusals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <allocman/utspace/vka.h>

#include "invocation.h"

#define RUNS_DEFAULT    4000ul // of each list of faults, where nothing else is said
#define PAIRS_UP_TO     40ul   // invocations of a test that is run with pairs
#define INVOCATIONS_MAX (1u << 20)
#define CALLS_MAX       (1u << 21)
#define WORK_MAX        500000ul // invocations in the runs of one list, unless all are asked for

struct run run;
jmp_buf run_end;
char run_end_why[300];

// Of the clean run: kinds of invocations, and what calls came to.
static unsigned char kinds[INVOCATIONS_MAX];
static unsigned char statuses[CALLS_MAX];
static unsigned long statuses_count;
static struct {
    unsigned long runs, faults, told, absorbed, lost, wrong, unchecked;
    unsigned long work; // of the test at hand: invocations and calls
} sum;

static FILE *out; // of the runner

void refusals_quiet(void)
{
    const int copy = dup(STDOUT_FILENO);
    out = copy >= 0 ? fdopen(copy, "w") : NULL;
    if (!out || !freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)) {
        abort();
    }
}

void run_wrong(const char *format, ...)
{
    if (!run.wrong[0]) {
        va_list list;
        va_start(list, format);
        (void)vsnprintf(run.wrong, sizeof(run.wrong), format, list);
        va_end(list);
        run.wrong_call = run.calls;
    }
}

// Tests in which something does not hold, and need not.
static unsigned excuse(const char *test)
{
    static const struct {
        const char *test;
        unsigned holds;
    } known[] = {
        // Addresses that are not the kernel's are handed in.
        {"garbage_addresses_do_no_harm", HOLDS_AGREE},
        // The test makes objects in untypeds that it hands in.
        {"a_partly_used_root_is_set_aside", HOLDS_AGREE},
        {"every_degree_of_use_is_found", HOLDS_AGREE},
        // It leaves capabilities in slots.
        {"occupied_slots_are_quarantined", HOLDS_AGREE},
        {"many_occupied_slots_fail_cleanly", HOLDS_AGREE},
        {"the_walk_tells_what_was_set_aside", HOLDS_AGREE},
        // Pieces of a reserve are out: the test's manager got them.
        {"a_reserve_lends_as_many_pieces_as_it_has", HOLDS_WHOLE | HOLDS_SLOTS},
        {"a_reserve_is_filled_while_pieces_are_out", HOLDS_WHOLE | HOLDS_SLOTS},
        {"a_piece_that_is_still_in_use_is_repaired", HOLDS_WHOLE | HOLDS_SLOTS},
        {"a_piece_that_is_not_deleted_is_kept", HOLDS_WHOLE | HOLDS_SLOTS},
        // Book memory has its frame from a piece, for good.
        {"reserves_of_slots_grow_the_cspace", HOLDS_SLOTS},
        // Its own refusals hit what undoes others.
        {"a_refused_second_level_leaves_nothing_behind", HOLDS_AGREE},
        // The manager's extension has no merging.
        {"an_extension_may_be_partial", HOLDS_WHOLE},
    };
    unsigned excused_bits = 0;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        excused_bits |= strcmp(test, known[i].test) == 0 ? known[i].holds : 0;
    }
    return excused_bits;
}

// --- what the kernel can answer ------------------------------------------------------------------

// Every error that the kernel has for an invocation, SEL4_FACTS sections 4 and 7 to 9; preemption
// and faults of the calling thread do not come back to it.
static const seL4_Error retype_errors[] = {
    seL4_NotEnoughMemory, seL4_DeleteFirst,       seL4_FailedLookup,     seL4_InvalidArgument,
    seL4_RangeError,      seL4_InvalidCapability, seL4_IllegalOperation, seL4_TruncatedMessage};
static const seL4_Error cnode_errors[] = {seL4_FailedLookup, seL4_RangeError, seL4_IllegalOperation,
                                          seL4_InvalidCapability, seL4_TruncatedMessage};
static const seL4_Error copy_errors[] = {
    seL4_DeleteFirst,      seL4_RevokeFirst,       seL4_FailedLookup,    seL4_RangeError,
    seL4_IllegalOperation, seL4_InvalidCapability, seL4_TruncatedMessage};
static const seL4_Error map_errors[] = {
    seL4_FailedLookup,     seL4_DeleteFirst,       seL4_InvalidArgument, seL4_AlignmentError,
    seL4_IllegalOperation, seL4_InvalidCapability, seL4_TruncatedMessage};

#define ERRORS(list) list, sizeof(list) / sizeof((list)[0])

static const seL4_Error *errors_of(enum sel4model_invocation kind, size_t *count)
{
    static const struct {
        enum sel4model_invocation kind;
        const seL4_Error *errors;
        size_t count;
    } known[] = {
        {SEL4MODEL_Untyped_Retype, ERRORS(retype_errors)},
        {SEL4MODEL_CNode_Delete, ERRORS(cnode_errors)},
        {SEL4MODEL_CNode_Revoke, ERRORS(cnode_errors)},
        {SEL4MODEL_CNode_Copy, ERRORS(copy_errors)},
        {SEL4MODEL_CNode_Mint, ERRORS(copy_errors)},
        {SEL4MODEL_CNode_Move, ERRORS(copy_errors)},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].kind == kind) {
            *count = known[i].count;
            return known[i].errors;
        }
    }
    *count = sizeof(map_errors) / sizeof(map_errors[0]);
    return map_errors;
}

// --- one run -------------------------------------------------------------------------------------

void __real_sel4model_refuse(unsigned long nth, seL4_Error error);
seL4_Error __real_model_invoke(struct invocation *call);
seL4_Error __wrap_model_invoke(struct invocation *call);

seL4_Error __wrap_model_invoke(struct invocation *call)
{
    if (run.inside && run.test) {
        const unsigned long nth = ++run.invocations;
        if (run.is_clean && nth <= INVOCATIONS_MAX) {
            kinds[nth - 1] = (unsigned char)call->kind;
        }
        for (unsigned i = 0; i < FAULTS_MAX; i++) {
            if (run.plan.kernel[i].nth == nth) {
                size_t count;
                const seL4_Error *const errors = errors_of(call->kind, &count);
                const seL4_Error error = errors[run.plan.kernel[i].choice % count];
                run.hit[run.hits++] = (struct hit){call->kind, error};
                __real_sel4model_refuse(1, error);
            }
        }
    }
    return __real_model_invoke(call);
}

bool book_is_refused(void)
{
    if (!run.inside || !run.test || ++run.books != run.plan.book) {
        return false;
    }
    run.hit[run.hits++] = (struct hit){.error = seL4_NoError};
    return true;
}

void call_begin(void)
{
    if (run.inside++ == 0) {
        run.calls++;
        run.hits_before = run.hits;
    }
}

static bool is_undo(enum sel4model_invocation kind)
{
    return kind == SEL4MODEL_CNode_Revoke || kind == SEL4MODEL_CNode_Delete;
}

// What a call can be short of when something could not be made, merged, or set aside.
static bool is_shortage(int status)
{
    return status == ALLOCMAN_NO_UNTYPED || status == ALLOCMAN_NO_SLOT ||
           status == ALLOCMAN_NO_BOOK || status == ALLOCMAN_NO_VIRTUAL;
}

// Can this fault be the reason of that status?
static bool hit_is_reason(const struct hit *hit, int status, seL4_Error kernel_error)
{
    const bool refused = status == ALLOCMAN_KERNEL_REFUSED;
    if (hit->error == seL4_NoError) { // book memory, or what lacked when it was to grow
        return is_shortage(status);
    }
    if (hit->error == seL4_NotEnoughMemory && hit->kind == SEL4MODEL_Untyped_Retype) {
        // An untyped that looks as if somebody used it is set aside, and its addresses with it.
        return refused || is_shortage(status) || status == ALLOCMAN_ADDRESS_UNKNOWN ||
               status == ALLOCMAN_ADDRESS_OCCUPIED;
    }
    if (hit->error == seL4_InvalidArgument && refused &&
        (kernel_error == seL4_IllegalOperation || kernel_error == seL4_InvalidCapability)) {
        return true; // it was asked only whether that is an untyped at all
    }
    // Slots that are full are left alone, and the answer to the next try is the kernel's own.
    if (hit->error == seL4_DeleteFirst && refused && kernel_error == seL4_InvalidArgument) {
        return true;
    }
    // A merge did not help; or a repair did not, and what was to be repaired stands.
    if (is_undo(hit->kind)) {
        return is_shortage(status) || (refused && kernel_error == seL4_NotEnoughMemory) ||
               (refused && kernel_error == hit->error);
    }
    return (refused && kernel_error == hit->error) ||
           (hit->error == seL4_DeleteFirst && status == ALLOCMAN_SLOT_OCCUPIED);
}

// Can the faults of this call be the reason of that status, or the test, which gets it without any?
static bool is_reason(const allocman_t *alloc, int status, seL4_Error kernel_error)
{
    bool is =
        run.refuses || (run.calls <= CALLS_MAX && statuses[run.calls - 1] == (unsigned char)status);
    // After an earlier fault a test may have made other calls, and comes to the same shortage later.
    is = is || (run.hits_before > 0 && is_shortage(status) &&
                memchr(statuses, status, statuses_count) != NULL);
    if (alloc && alloc->have_utspace && alloc->utspace.alloc == _utspace_vka_alloc) {
        is = is || status == ALLOCMAN_NO_UNTYPED; // that is all that a vka tells
    }
    for (unsigned i = 0; i < run.hits && !is; i++) {
        is = hit_is_reason(&run.hit[i], status, kernel_error);
    }
    return is;
}

static void judge(const allocman_t *alloc, int status, bool told,
                  const struct allocman_failure *why)
{
    why = told && alloc ? allocman_last_failure(alloc) : why;
    if (run.hits_before == 0) {
        run.status = status;
    }
    if (status == ALLOCMAN_OK) {
        sum.absorbed++;
        return;
    }
    sum.told++;
    if (why && (int)why->status != status) {
        run_wrong("status %d, but the last failure is %d", status, (int)why->status);
    }
    if (why && !is_reason(alloc, status, why->kernel_error)) {
        char text[200];
        run_wrong("called '%s'", allocman_failure_text(why, text, sizeof(text)));
    }
}

void call_end(allocman_t *alloc, int status, bool told, const struct allocman_failure *why)
{
    if (--run.inside > 0 || !run.test) {
        return;
    }
    const bool was_hit = run.hits > run.hits_before;
    if (run.is_clean && !run.probe && run.calls <= CALLS_MAX) {
        statuses[run.calls - 1] = (unsigned char)status;
        statuses_count = run.calls;
    }
    if (was_hit) {
        judge(alloc, status, told, why);
    }
    if ((was_hit && !(excuse(run.test) & HOLDS_AGREE)) || run.calls == run.probe) {
        char text[300];
        const unsigned holds = ledger_holds(false, text, sizeof(text));
        if (holds != HOLDS_NOTHING && holds != (HOLDS_LAWS | HOLDS_AGREE)) {
            run_wrong("after the call: %s", text);
        }
    }
}

static bool play_guarded(int (*function)(void **), void **state)
{
    return setjmp(run_end) == 0 && function(state) == 0;
}

static bool play_test(CMUnitTestFunction function, void **state)
{
    if (setjmp(run_end) == 0) {
        function(state);
        return true;
    }
    return run.skipped;
}

// Play a test; what holds when all was given back.
static unsigned play(const struct CMUnitTest *test, const struct plan *plan, bool *passed,
                     char *text, size_t bytes)
{
    void *state = test->initial_state;
    ledger_clear();
    run = (struct run){.test = test->name, .plan = *plan, .probe = run.probe};
    run.is_clean = !plan->kernel[0].nth && !plan->book;
    run_end_why[0] = '\0';
    *passed = (!test->setup_func || play_guarded(test->setup_func, &state)) &&
              play_test(test->test_func, &state);
    run.test = NULL;
    const unsigned inside = run.inside; // the test may have ended in a function that a call called
    run.inside = 0;
    unsigned holds = 0;
    text[0] = '\0';
    if (inside == 0 && setjmp(run_end) == 0 && ledger_give_back()) {
        holds = ledger_holds(true, text, bytes);
    }
    if (inside) {
        sum.lost++;
    }
    if (!ledger_allocman() || inside) {
        holds = HOLDS_NOTHING; // to be said of
    }
    if (test->teardown_func) {
        (void)play_guarded(test->teardown_func, &state);
    }
    run.test = test->name;
    return holds;
}

// --- all of them ---------------------------------------------------------------------------------

static unsigned long runs_max(unsigned long work)
{
    const char *const text = getenv("ALLOCMAN_FAULTS");
    const unsigned long asked = text ? strtoul(text, NULL, 10) : RUNS_DEFAULT;
    const unsigned long bearable = WORK_MAX / (work + 1) + 1; // long tests repeat themselves
    return asked == 0 ? ~0ul : asked < bearable ? asked : bearable;
}

// Was it as wrong after the same call without any fault?
static bool excused(const struct CMUnitTest *test, const struct run *faulty)
{
    const struct plan none = {.book = 0};
    char text[300];
    bool passed;
    run.probe = faulty->wrong_call;
    (void)play(test, &none, &passed, text, sizeof(text));
    run.probe = 0;
    return run.wrong[0] != '\0';
}

static void fault(const struct CMUnitTest *test, const struct plan *plan, unsigned required)
{
    char text[300];
    bool passed;
    const unsigned holds = play(test, plan, &passed, text, sizeof(text));
    const struct run faulty = run;
    sum.runs++;
    sum.faults += faulty.hits;
    const bool undo_fails =
        faulty.hits > 1 && is_undo(faulty.hit[0].kind) && is_undo(faulty.hit[1].kind);
    if (undo_fails) { // what is tried twice is not tried again
        required &= ~(HOLDS_WHOLE | HOLDS_SLOTS);
    }
    const bool state_wrong = strncmp(faulty.wrong, "after", 5) == 0;
    if (faulty.wrong[0] && !(state_wrong && excused(test, &faulty))) {
        sum.wrong++;
        fprintf(out, "%s: invocation %lu refused with %d (%s)%s: %s\n", test->name,
                plan->kernel[0].nth, (int)faulty.hit[0].error,
                sel4model_invocation_name(faulty.hit[0].kind),
                faulty.hits > 1 ? " and another" : "", faulty.wrong);
    } else if (holds != HOLDS_NOTHING && (required & ~holds)) {
        sum.wrong++;
        fprintf(out,
                "%s: invocation %lu (or book memory %lu) refused with %d (%s)%s, %s, given back: "
                "%#x of %#x: %s [%s]\n",
                test->name, plan->kernel[0].nth, plan->book, (int)faulty.hit[0].error,
                sel4model_invocation_name(faulty.hit[0].kind),
                faulty.hits > 1 ? " and another" : "",
                allocman_status_text((enum allocman_status)faulty.status), holds, required, text,
                run_end_why);
    }
}

static void faults_of(const struct CMUnitTest *test, unsigned long invocations, unsigned required)
{
    unsigned long total = 0;
    for (unsigned long n = 0; n < invocations; n++) {
        size_t count;
        (void)errors_of((enum sel4model_invocation)kinds[n], &count);
        total += count;
    }
    const unsigned long stride = total / runs_max(sum.work) + 1;
    unsigned long number = 0;
    for (unsigned long n = 0; n < invocations; n++) {
        size_t count;
        (void)errors_of((enum sel4model_invocation)kinds[n], &count);
        for (unsigned e = 0; e < count; e++) {
            if (number++ % stride == 0) {
                fault(test, &(struct plan){.kernel = {{n + 1, e}}}, required);
            }
        }
    }
}

static void pairs_of(const struct CMUnitTest *test, unsigned long invocations, unsigned required)
{
    const unsigned long total = invocations * (invocations - 1) / 2 * 16;
    const unsigned long stride = total / runs_max(sum.work) + 1;
    unsigned long number = 0;
    for (unsigned long n = 1; n <= invocations; n++) {
        for (unsigned long m = n + 1; m <= invocations; m++) {
            for (unsigned e = 0; e < 16; e++) { // both with one of the first four each
                if (number++ % stride == 0) {
                    const struct plan plan = {.kernel = {{n, e % 4}, {m, e / 4}}};
                    fault(test, &plan, required);
                }
            }
        }
    }
}

static void books_of(const struct CMUnitTest *test, unsigned long books, unsigned required)
{
    const unsigned long stride = books / runs_max(sum.work) + 1;
    for (unsigned long n = 1; n <= books; n += stride) {
        fault(test, &(struct plan){.book = n}, required);
    }
}

static bool test_run(const struct CMUnitTest *test)
{
    const struct plan none = {.book = 0};
    char text[300];
    bool passed;
    const unsigned held = play(test, &none, &passed, text, sizeof(text));
    // A test that takes its machine down leaves nothing to look at; where it ends before, all holds.
    const unsigned required = (held == HOLDS_NOTHING ? HOLDS_ALL : held) & ~excuse(test->name);
    const unsigned long invocations = run.invocations, books = run.books;
    sum.work = invocations + run.calls;
    if (!passed) {
        fprintf(out, "%s: fails without any fault: %s\n", test->name, run_end_why);
        return false;
    }
    sum.unchecked += required == 0;
    if (getenv("ALLOCMAN_VERBOSE")) {
        fprintf(out, "%-60s %7lu invocations, %6lu of book memory; holds %#x %s\n", test->name,
                invocations, books, required, text);
    }
    if (getenv("ALLOCMAN_FAULT")) {
        struct plan plan = {.book = 0};
        (void)sscanf(getenv("ALLOCMAN_FAULT"), "%lu,%u,%lu,%u", &plan.kernel[0].nth,
                     &plan.kernel[0].choice, &plan.kernel[1].nth, &plan.kernel[1].choice);
        fault(test, &plan, required);
        return sum.wrong == 0;
    }
    const unsigned long before = sum.runs;
    faults_of(test, invocations < INVOCATIONS_MAX ? invocations : INVOCATIONS_MAX, required);
    books_of(test, books, required);
    if (invocations <= PAIRS_UP_TO && invocations > 1) {
        pairs_of(test, invocations, required);
    }
    if (sum.runs == before) {
        return true;
    }
    // What went before left nothing behind.
    const unsigned again = play(test, &none, &passed, text, sizeof(text));
    if (!passed || again != held || run.invocations != invocations) {
        fprintf(out, "%s: another run without faults is another: %s %s\n", test->name, run_end_why,
                text);
        return false;
    }
    return true;
}

int _cmocka_run_group_tests(const char *group_name, const struct CMUnitTest *const tests,
                            const size_t num_tests, CMFixtureFunction group_setup,
                            CMFixtureFunction group_teardown)
{
    (void)group_name;
    out = out ? out : stdout;
    void *state = NULL;
    const char *const only = getenv("ALLOCMAN_TEST");
    bool good = !group_setup || play_guarded(group_setup, &state);
    for (size_t i = 0; i < num_tests; i++) {
        if (!only || strcmp(only, tests[i].name) == 0) {
            good = test_run(&tests[i]) && good;
            boot_forget();
        }
    }
    good = (!group_teardown || play_guarded(group_teardown, &state)) && good;
    fprintf(out,
            "faults %lu in %lu runs; calls that told %lu, that did without %lu; runs that ended in "
            "a callback %lu; tests without state to look at %lu; wrong %lu\n",
            sum.faults, sum.runs, sum.told, sum.absorbed, sum.lost, sum.unchecked, sum.wrong);
    (void)fflush(out);
    return good && sum.wrong == 0 ? 0 : 1;
}
