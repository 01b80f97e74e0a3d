/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Traces: every invocation with what it was given and what came of it, as text and compact.
#include "model_test.h"

#include <sel4model/snapshot.h>
#include <sel4model/trace.h>

static char folder[] = "sel4model-trace-XXXXXX";
static char text_path[64];
static char compact_path[64];

static char *content_of(const char *path)
{
    static char text[1 << 16];
    FILE *const file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void expect_line(const char *text, const char *line)
{
    if (strstr(text, line) == NULL) {
        fail_msg("no \"%s\" in:\n%s", line, text);
    }
}

// One of each outcome.
static void invoke_some(void)
{
    const seL4_CPtr untyped = ram(19);
    (void)retype_many(untyped, seL4_EndpointObject, 0, first_slot, 2);
    (void)mint_cap(first_slot + 2, first_slot, 77);
    (void)mint_cap(first_slot + 2, first_slot, 77);
    (void)retype(untyped, seL4_UntypedObject, 3, first_slot + 3);
    (void)retype(untyped, seL4_UntypedObject, 28, first_slot + 3);
    (void)retype_many(untyped, SMALL_FRAME, 0, first_slot + 3, 1000);
    (void)seL4_CNode_Delete(ROOT, first_slot, DEPTH + 1);
    (void)seL4_CNode_Delete(ROOT, first_slot, 20);
    (void)copy_cap(first_slot + 3, first_slot + 4);
    (void)retype(untyped, SMALL_FRAME, 0, first_slot + 3);
    (void)page_address(first_slot + 3);
    (void)page_map(first_slot + 3, ROOT, 0x400000, seL4_ReadWrite);
    sel4model_refuse(1, seL4_NotEnoughMemory);
    (void)delete_cap(first_slot);
    (void)delete_cap(first_slot);
}

static void text_tells_everything(void **state)
{
    (void)state;
    char line[256];
    assert_true(sel4model_trace_start(SEL4MODEL_TRACE_TEXT, text_path));
    invoke_some();
    sel4model_trace_stop();
    (void)delete_cap(first_slot); // not in the trace any more
    const char *const text = content_of(text_path);
    const int slot = (int)first_slot;
    snprintf(line, sizeof(line),
             "1 seL4_Untyped_Retype(untyped %d, type 2 (endpoint), size_bits 0, node_index 0, "
             "node_depth 0, node_offset %d, num_objects 2, root 2) = ok\n",
             (int)ram(19), slot);
    assert_int_equal(strncmp(text, line, strlen(line)), 0);
    snprintf(line, sizeof(line),
             "2 seL4_CNode_Mint(CNode 2, dest_index %d, dest_depth %d, src_index %d, src_depth %d, "
             "rights 15, badge 77, src_root 2) = ok\n",
             slot + 2, DEPTH, slot, DEPTH);
    expect_line(text, line);
    expect_line(text, "badge 77, src_root 2) = seL4_DeleteFirst\n");
    expect_line(text, "size_bits 3, ");
    expect_line(text, "= seL4_InvalidArgument: argument 1\n");
    expect_line(text, "= seL4_NotEnoughMemory: 524");
    expect_line(text, "= seL4_RangeError: 1 to 256\n");
    snprintf(line, sizeof(line), "= seL4_RangeError: 1 to %d\n", DEPTH);
    expect_line(text, line);
    snprintf(line, sizeof(line),
             "= seL4_FailedLookup: guard mismatch, 20 bits left, guard 0x0 of %d bits", DEPTH - 19);
    expect_line(text, line);
    snprintf(line, sizeof(line), "= seL4_FailedLookup: source: missing capability, %d bits left\n",
             DEPTH);
    expect_line(text, line);
    expect_line(text, " (frame of 2^12 bytes), ");
    expect_line(text, "_Page_GetAddress(frame ");
    expect_line(text, ") = ok, paddr 0x");
    expect_line(text, "vaddr 0x400000, rights 3, attr ");
    expect_line(text, "= seL4_InvalidCapability: capability 1\n");
    expect_line(text, "= seL4_NotEnoughMemory: 0 bytes left (refused by request)\n");
    expect_line(text, "14 seL4_CNode_Delete(");
    assert_null(strstr(text, "\n15 "));
}

static void compact_says_the_same(void **state)
{
    static char expected[1 << 16];
    assert_true(sel4model_trace_start(SEL4MODEL_TRACE_TEXT, text_path));
    invoke_some();
    assert_int_equal(boot_machine(state), 0); // the trace goes on
    invoke_some();
    sel4model_trace_stop();
    strcpy(expected, content_of(text_path));
    expect_line(expected, "\nboot\n1 seL4_Untyped_Retype(");

    assert_int_equal(boot_machine(state), 0);
    assert_true(sel4model_trace_start(SEL4MODEL_TRACE_COMPACT, compact_path));
    invoke_some();
    assert_int_equal(boot_machine(state), 0);
    invoke_some();
    sel4model_trace_stop();
    FILE *const compact = fopen(compact_path, "rb");
    FILE *const text = fopen(text_path, "w");
    assert_null(sel4model_trace_print(compact, text));
    assert_true(ftell(compact) < 28 * 24);
    fclose(text);
    fclose(compact);
    assert_string_equal(content_of(text_path), expected);
}

static void a_restore_is_in_the_trace(void **state)
{
    (void)state;
    struct sel4model_snapshot *const snapshot = sel4model_snapshot_take();
    assert_non_null(snapshot);
    assert_true(sel4model_trace_start(SEL4MODEL_TRACE_COMPACT, compact_path));
    (void)retype(ram(19), seL4_EndpointObject, 0, first_slot);
    assert_true(sel4model_snapshot_restore(snapshot));
    (void)retype(ram(19), seL4_EndpointObject, 0, first_slot);
    sel4model_trace_stop();
    sel4model_snapshot_free(snapshot);
    FILE *const compact = fopen(compact_path, "rb");
    FILE *const text = fopen(text_path, "w");
    assert_null(sel4model_trace_print(compact, text));
    fclose(text);
    fclose(compact);
    expect_line(content_of(text_path), "\nrestore\n1 seL4_Untyped_Retype(");
}

static const char *reason_to_refuse(const char *bytes, size_t count)
{
    FILE *file = fopen(compact_path, "wb");
    FILE *const nowhere = fopen("/dev/null", "w");
    fwrite(bytes, 1, count, file);
    fclose(file);
    file = fopen(compact_path, "rb");
    const char *const reason = sel4model_trace_print(file, nowhere);
    fclose(file);
    fclose(nowhere);
    return reason;
}

static void other_files_are_refused(void **state)
{
    (void)state;
    static char bytes[4096];
    assert_true(sel4model_trace_start(SEL4MODEL_TRACE_COMPACT, compact_path));
    (void)retype(ram(19), seL4_EndpointObject, 0, first_slot);
    sel4model_trace_stop();
    FILE *const file = fopen(compact_path, "rb");
    const size_t count = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    assert_null(reason_to_refuse(bytes, count));
    // Cut anywhere but at the end of the header.
    for (size_t i = 0; i < count; i++) {
        assert_true((reason_to_refuse(bytes, i) != NULL) == (i != 32));
    }
    bytes[10] ^= 1; // another architecture
    assert_non_null(strstr(reason_to_refuse(bytes, count), "another architecture"));
    bytes[10] ^= 1;
    for (size_t i = 0; i < 32;
         i++) { // each byte of the header counts, the first ones for what it is
        bytes[i] ^= 1;
        const char *const reason = reason_to_refuse(bytes, count);
        assert_non_null(reason);
        assert_string_equal(
            reason, i < 8 ? "is no compact trace"
                          : "is a trace of another architecture, kernel or version of the model");
        bytes[i] ^= 1;
    }
    bytes[34] |= (char)0xf0; // more words than there are
    assert_non_null(strstr(reason_to_refuse(bytes, count), "damaged"));
    assert_non_null(strstr(reason_to_refuse("{}", 2), "no compact trace"));
}

static void stop_in_a_trace(void)
{
    (void)sel4model_trace_start(SEL4MODEL_TRACE_TEXT, "-");
    (void)seL4_CNode_Delete((seL4_CPtr)-1, 5, DEPTH);
}

static void ipc_in_a_trace(void)
{
    (void)retype(ram(19), seL4_EndpointObject, 0, first_slot);
    (void)sel4model_trace_start(SEL4MODEL_TRACE_TEXT, "-");
    (void)seL4_CNode_Delete(first_slot, 5, DEPTH);
}

static void what_stops_is_in_the_trace(void **state)
{
    (void)state;
    expect_stop(stop_in_a_trace, "1 seL4_CNode_Delete(unresolved 0xffff");
    expect_stop(stop_in_a_trace, ") stops the program\n");
    expect_stop(ipc_in_a_trace, "1 seL4_CNode_Delete(endpoint ");
}

static void a_trace_that_starts_says_nothing(void **state)
{
    (void)state;
    fflush(NULL);
    const int saved = dup(STDERR_FILENO);
    assert_true(saved >= 0);
    assert_non_null(freopen(compact_path, "w", stderr));
    const bool has_started = sel4model_trace_start(SEL4MODEL_TRACE_TEXT, text_path);
    sel4model_trace_stop();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    assert_true(has_started);
    assert_string_equal(content_of(compact_path), "");
}

static void bad_paths(void **state)
{
    (void)state;
    fflush(NULL);
    const int saved = dup(STDERR_FILENO); // the messages are expected
    assert_non_null(freopen("/dev/null", "w", stderr));
    assert_false(sel4model_trace_start(SEL4MODEL_TRACE_TEXT, "/nonexistent/trace"));
    assert_false(sel4model_trace_start(SEL4MODEL_TRACE_COMPACT, "-"));
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    (void)delete_cap(first_slot); // no trace: nothing happens
    sel4model_trace_stop();
}

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(text_path, sizeof(text_path), "%s/text", folder);
    snprintf(compact_path, sizeof(compact_path), "%s/compact", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(text_path);
    unlink(compact_path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(text_tells_everything),
        model_test(compact_says_the_same),
        model_test(other_files_are_refused),
        model_test(what_stops_is_in_the_trace),
        model_test(a_restore_is_in_the_trace),
        model_test(a_trace_that_starts_says_nothing),
        model_test(bad_paths),
    };
    return cmocka_run_group_tests_name("model: traces", tests, make_folder, remove_folder);
}
