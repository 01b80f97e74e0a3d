/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Switches in the environment, and the weighing of what was counted.
#include "model_test.h"

#include <sel4model/costs.h>
#include <sel4model/trace.h>

static char folder[] = "sel4model-switches-XXXXXX";
static char path[64];

static void write_path(const char *text)
{
    FILE *const file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

// Each runs in a child process of its own: files are opened once a program.
static void succeed(void)
{
    fputs("as it should be", stderr);
    abort();
}

static void expect(bool condition)
{
    if (!condition) {
        fputs("not as it should be\n", stderr);
        _exit(1);
    }
}

static void boot_from_the_environment(void)
{
    setenv("SEL4MODEL_RECORD", RECORD(MACHINE), 1);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    const seL4_BootInfo *const info = seL4_GetBootInfo();
    expect(info != NULL && info->ipcBuffer == seL4_GetIPCBuffer());
    expect(seL4_GetBootInfo() == info);
#pragma GCC diagnostic pop
    expect(sel4model_boot(NULL) != NULL);
    succeed();
}

static void boot_from_nothing(void)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    (void)seL4_GetBootInfo();
#pragma GCC diagnostic pop
}

static void refuse_by_environment(void)
{
    setenv("SEL4MODEL_REFUSE", "Untyped_Retype:2:seL4_NotEnoughMemory", 1);
    expect(boot_machine(NULL) == 0);
    const seL4_CPtr untyped = ram(19);
    expect(retype(untyped, seL4_EndpointObject, 0, first_slot) == seL4_NoError);
    expect(delete_cap(first_slot) == seL4_NoError);
    expect(retype(untyped, seL4_EndpointObject, 0, first_slot) == seL4_NotEnoughMemory);
    expect(retype(untyped, seL4_EndpointObject, 0, first_slot) == seL4_NoError);
    setenv("SEL4MODEL_REFUSE", "1:DeleteFirst", 1); // any kind
    expect(boot_machine(NULL) == 0);
    expect(delete_cap(first_slot) == seL4_DeleteFirst);
    expect(delete_cap(first_slot) == seL4_NoError);
    succeed();
}

static void trace_by_environment(void)
{
    setenv("SEL4MODEL_TRACE", "text", 1);
    (void)boot_machine(NULL);
    (void)delete_cap(first_slot);
    abort();
}

static void compact_trace_by_environment(void)
{
    char value[128];
    snprintf(value, sizeof(value), "compact:%s", path);
    setenv("SEL4MODEL_TRACE", value, 1);
    (void)boot_machine(NULL);
    (void)delete_cap(first_slot);
    (void)boot_machine(NULL); // goes on
    (void)delete_cap(first_slot);
    sel4model_trace_stop();
    FILE *const file = fopen(path, "rb");
    expect(sel4model_trace_print(file, stderr) == NULL);
    abort();
}

static void report_at_shutdown(void)
{
    setenv("SEL4MODEL_REPORT", "-", 1);
    setenv("SEL4MODEL_WEIGHTS", path, 1);
    (void)boot_machine(NULL);
    (void)delete_cap(first_slot);
    (void)delete_cap(first_slot);
    sel4model_shutdown();
    abort();
}

static void report_when_stopped(void)
{
    setenv("SEL4MODEL_REPORT", "-", 1);
    unsetenv("SEL4MODEL_WEIGHTS");
    (void)boot_machine(NULL);
    (void)delete_cap(first_slot);
    (void)seL4_CNode_Delete(~(seL4_Word)0, 0, DEPTH);
}

static void report_to_nowhere(void)
{
    setenv("SEL4MODEL_REPORT", "/nonexistent/report", 1);
    expect(sel4model_boot(RECORD(MACHINE)) == NULL);
    abort();
}

static void trace_to_nowhere(void)
{
    setenv("SEL4MODEL_TRACE", "compact:/nonexistent/trace", 1);
    expect(sel4model_boot(RECORD(MACHINE)) == NULL);
    abort();
}

static const char weights_text[] = "{\"source\": \"a test\", \"invocation_ns\": {\"any\": 1000, "
                                   "\"CNode_Delete\": 2000000}, \"object_ns\": 100, "
                                   "\"removed_cap_ns\": 10, \"revoked_cap_ns\": 20, "
                                   "\"destroyed_slot_ns\": 3, \"zeroed_byte_ns\": 0.5, "
                                   "\"cleaned_byte_ns\": 4}";

static void switches_are_obeyed(void **state)
{
    (void)state;
    expect_stop(boot_from_the_environment, "as it should be");
    expect_stop(boot_from_nothing, "environment: SEL4MODEL_RECORD: names no record to boot from");
    expect_stop(boot_from_nothing, "seL4_GetBootInfo before sel4model_boot(), and booting failed");
    expect_stop(refuse_by_environment, "as it should be");
    expect_stop(trace_by_environment, "boot\n1 seL4_CNode_Delete(CNode 2, index ");
    expect_stop(compact_trace_by_environment, "= ok\nboot\n1 seL4_CNode_Delete(CNode 2, index ");
    expect_stop(report_when_stopped, "CNode_Delete                                  2\n");
    expect_stop(report_when_stopped, "guard mismatch");
    expect_stop(report_to_nowhere, "SEL4MODEL_REPORT: \"/nonexistent/report\" No such file");
    expect_stop(trace_to_nowhere, "SEL4MODEL_TRACE: \"compact:/nonexistent/trace\" cannot be");
    write_path(weights_text);
    expect_stop(report_at_shutdown, "CNode_Delete                                  2\n");
    expect_stop(report_at_shutdown, "estimated ms                              4.000  (a test)");
}

static void expect_rejected(const char *name, const char *value, const char *reason)
{
    setenv(name, value, 1);
    assert_null(sel4model_boot(RECORD(MACHINE)));
    unsetenv(name);
    if (strstr(sel4model_error(), reason) == NULL || strstr(sel4model_error(), name) == NULL) {
        fail_msg("%s=%s: \"%s\", expected \"%s\"", name, value, sel4model_error(), reason);
    }
}

static void expect_weights_rejected(const char *original, const char *replacement,
                                    const char *reason)
{
    char text[1024];
    const char *const place = strstr(weights_text, original);
    struct sel4model_weights weights = {.object = 42};
    assert_non_null(place);
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(place - weights_text), weights_text, replacement,
             place + strlen(original));
    write_path(text);
    assert_false(sel4model_weights_read(path, &weights));
    assert_true(weights.object == 42);
    if (strstr(sel4model_error(), reason) == NULL) {
        fail_msg("\"%s\", expected \"%s\"", sel4model_error(), reason);
    }
}

static void wrong_switches(void)
{
    expect_rejected("SEL4MODEL_TRACE", "", "is not text, text:FILE or compact:FILE");
    expect_rejected("SEL4MODEL_TRACE", "texts", "is not text");
    expect_rejected("SEL4MODEL_TRACE", "text:", "is not text");
    expect_rejected("SEL4MODEL_TRACE", "compact", "is not text");
    expect_rejected("SEL4MODEL_REFUSE", "", "names no kind");
    expect_rejected("SEL4MODEL_REFUSE", "Retype:1:RangeError", "names no kind");
    expect_rejected("SEL4MODEL_REFUSE", "0:RangeError", "is not [KIND:]N:ERROR");
    expect_rejected("SEL4MODEL_REFUSE", "CNode_Copy:-1:RangeError", "is not [KIND:]N:ERROR");
    expect_rejected("SEL4MODEL_REFUSE", "CNode_Copy", "is not [KIND:]N:ERROR");
    expect_rejected("SEL4MODEL_REFUSE", "99999999999999999999:RangeError", "is not [KIND:]N");
    expect_rejected("SEL4MODEL_REFUSE", "1:NoError", "ends with no error");
    expect_rejected("SEL4MODEL_REFUSE", "1:rangeerror", "ends with no error");
    expect_rejected("SEL4MODEL_TRACES", "text", "is no switch");
    expect_rejected("SEL4MODEL_WEIGHTS", path, "of no use without SEL4MODEL_REPORT");

    expect_weights_rejected("\"a test\"", "1", "source: is not a text");
    expect_weights_rejected("\"source\": \"a test\", ", "", "source: missing");
    expect_weights_rejected("\"any\": 1000, ", "", "invocation_ns.any: missing");
    expect_weights_rejected("CNode_Delete", "Delete", "invocation_ns.Delete: is no kind");
    expect_weights_rejected("2000000", "-1", "invocation_ns.CNode_Delete: is not a number");
    expect_weights_rejected("\"object_ns\": 100, ", "", "object_ns: missing");
    expect_weights_rejected("\"revoked_cap_ns\": 20, ", "", "revoked_cap_ns: missing");
    expect_weights_rejected("\"destroyed_slot_ns\": 3", "\"destroyed_slot_ns\": -3",
                            "destroyed_slot_ns: is not a number");
    expect_weights_rejected("0.5", "\"0.5\"", "zeroed_byte_ns: is not a number");
    expect_weights_rejected("cleaned_byte_ns", "cleaned_ns", "cleaned_ns: is no field");
    expect_weights_rejected("{\"source\"", "[\"source\"", "file: line 1");
}

static void wrong_switches_fail_the_boot(void **state)
{
    (void)state;
    fflush(NULL);
    const int saved = dup(STDERR_FILENO); // the messages are expected
    const bool is_quiet = freopen("/dev/null", "w", stderr) != NULL;
    wrong_switches();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    assert_true(is_quiet);
    expect_ok(delete_cap(first_slot)); // what ran before runs on
}

// A CNode of 16 slots, two of them in use, and a TCB, which has slots of its own.
static void slots_of_the_dead_are_counted(void **state)
{
    (void)state;
    struct sel4model_weights weights;
    struct sel4model_counters from, to;
    const seL4_CPtr untyped = ram(19);
    write_path(weights_text);
    assert_true(sel4model_weights_read(path, &weights));
    expect_ok(retype(untyped, seL4_CapTableObject, 4, first_slot));
    expect_ok(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, first_slot, 0, 0, 3, 2));
    sel4model_counters_get(&from);
    expect_ok(delete_cap(first_slot));
    sel4model_counters_get(&to);
    assert_int_equal(to.slots_destroyed - from.slots_destroyed, 16);
    assert_int_equal(to.caps_removed - from.caps_removed, 3);
    assert_int_equal(to.caps_revoked - from.caps_revoked, 0);
    assert_true(sel4model_cost_ns(&weights, &to) - sel4model_cost_ns(&weights, &from) ==
                2000000 + 3 * 10 + 16 * 3);
    expect_ok(retype(untyped, seL4_TCBObject, 0, first_slot));
    expect_ok(retype(untyped, seL4_CapTableObject, 4, first_slot + 1));
    sel4model_counters_get(&from);
    expect_ok(revoke_cap(untyped));
    sel4model_counters_get(&to);
    assert_int_equal(to.caps_revoked - from.caps_revoked, 2);
    assert_int_equal(to.slots_destroyed - from.slots_destroyed, 5 + 16);
}

static void costs_are_weighed(void **state)
{
    (void)state;
    struct sel4model_weights weights;
    struct sel4model_counters counters;
    write_path(weights_text);
    assert_true(sel4model_weights_read(path, &weights));
    assert_string_equal(weights.source, "a test");
    const seL4_CPtr untyped = ram(19);
    sel4model_counters_reset();
    expect_ok(retype_many(untyped, seL4_EndpointObject, 0, first_slot, 5)); // 1000 + 5 x 100
    expect_ok(revoke_cap(untyped));                                         // 1000 + 5 x (10 + 20)
    expect_ok(delete_cap(first_slot));                                      // 2000000
    expect_ok(retype(untyped, SMALL_FRAME, 0, first_slot));                 // 1000 + 100
    sel4model_counters_get(&counters);
    assert_int_equal(counters.objects_created, 6);
    assert_int_equal(counters.caps_removed, 5);
    assert_int_equal(counters.caps_revoked, 5);
    assert_int_equal(counters.slots_destroyed, 0);
    assert_int_equal(counters.bytes_zeroed, (1 << 19) + 256); // all of it, then one chunk
#ifdef CONFIG_ARCH_ARM
    const double cleaned = 4096;
#else
    const double cleaned = 0;
#endif
    assert_int_equal(counters.bytes_cleaned, (uint64_t)cleaned);
    assert_true(sel4model_cost_ns(&weights, &counters) ==
                1500 + 1150 + 2000000 + 1100 + 0.5 * ((1 << 19) + 256) + 4 * cleaned);
    assert_true(sel4model_weights_read(WEIGHTS_FILE, &weights)); // the one to start from
    assert_true(sel4model_cost_ns(&weights, &counters) > 0);
    assert_non_null(strstr(weights.source, "placeholder"));
}

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(path, sizeof(path), "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(switches_are_obeyed), // before anything boots
        model_test(wrong_switches_fail_the_boot),
        model_test(costs_are_weighed),
        model_test(slots_of_the_dead_are_counted),
    };
    return cmocka_run_group_tests_name("model: switches", tests, make_folder, remove_folder);
}
