/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Records that are no good: each is refused with the file, the field and the reason.
#include "model_test.h"

static char folder[] = "sel4model-records-XXXXXX";

// The good record's text with one piece of it replaced, in a file of its own.
static char *write_variant(const char *original, const char *replacement)
{
    static char path[128];
    static char text[16384];
    FILE *file = fopen(RECORD(MACHINE), "r");
    assert_non_null(file);
    const size_t length = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[length] = '\0';
    char *const place = strstr(text, original);
    assert_non_null(place);
    snprintf(path, sizeof(path), "%s/record.json", folder);
    file = fopen(path, "w");
    assert_non_null(file);
    fwrite(text, 1, (size_t)(place - text), file);
    fputs(replacement, file);
    fputs(place + strlen(original), file);
    fclose(file);
    return path;
}

struct variant {
    const char *original;
    const char *replacement;
    const char *field;
    const char *reason;
};

static void expect_refused(const struct variant *variant)
{
    char expected[256];
    const char *const path = write_variant(variant->original, variant->replacement);
    if (sel4model_boot(path) != NULL) {
        fail_msg("booted with %s", variant->replacement);
    }
    snprintf(expected, sizeof(expected), "%s: %s: ", path, variant->field);
    if (strncmp(sel4model_error(), expected, strlen(expected)) != 0 ||
        strstr(sel4model_error(), variant->reason) == NULL) {
        fail_msg("with %s: \"%s\", expected %s%s", variant->replacement, sel4model_error(),
                 expected, variant->reason);
    }
}

static void refuse_all(const struct variant *variants, size_t count)
{
    fflush(NULL);
    const int saved = dup(STDERR_FILENO); // the messages are expected: keep them off the terminal
    const bool is_quiet = freopen("/dev/null", "w", stderr) != NULL;
    for (size_t i = 0; i < count; i++) {
        expect_refused(&variants[i]);
    }
    assert_true(is_quiet);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
}

#define refuse_each(variants) refuse_all(variants, sizeof(variants) / sizeof((variants)[0]))

static void records_of_other_kernels(void **state)
{
    (void)state;
    static const struct variant variants[] = {
        {"\"x86_64\"", "\"aarch64\"", "arch", "\"aarch64\", but this build models \"x86_64\""},
        {"\"x86_64\"", "64", "arch", "not a text"},
        {"\"arch\"", "\"Arch\"", "arch", "missing"},
        {"\"word_bits\": 64", "\"word_bits\": 32", "word_bits", "is 32, but this build has 64"},
        {"\"mcs\": false", "\"mcs\": true", "mcs", "without MCS"},
        {"\"mcs\": false", "\"mcs\": 0", "mcs", "not a truth value"},
        {"\"mcs\": false,", "", "mcs", "missing"},
        {"\"num_nodes\": 1", "\"num_nodes\": 4", "num_nodes", "is 4, but this build models 1"},
        {"\"node_id\": 0", "\"node_id\": 1", "node_id", "not below num_nodes"},
        {"\"init_thread_domain\": 0", "\"init_thread_domain\": 1", "init_thread_domain",
         "1 domain"},
    };
    refuse_each(variants);
}

static void fields_that_are_wrong(void **state)
{
    (void)state;
    static const struct variant variants[] = {
        {"\"extra_len\": 1292,", "", "extra_len", "missing"},
        {"\"extra_len\": 1292", "\"extra_len\": \"1292\"", "extra_len", "not a natural number"},
        {"\"extra_len\": 1292", "\"extra_len\": -1", "extra_len", "not a natural number"},
        {"\"extra_len\": 1292", "\"extra_len\": 4097", "extra_len", "4097 bytes do not fit"},
        {"\"extra_len\": 1292", "\"extra_len\": 15", "extra_len", "15 bytes do not fit"},
        {"\"untyped_list\"", "\"untyped_lisp\"", "untyped_list", "missing"},
        {"\"device\": true", "\"device\": 1", "untyped_list[0].device", "not a truth value"},
        {"\"paddr\": \"0x0\"", "\"paddr\": 0", "untyped_list[0].paddr", "not a text"},
        {"\"paddr\": \"0x0\"", "\"paddr\": \"0\"", "untyped_list[0].paddr", "not a hexadecimal"},
        {"\"paddr\": \"0x0\"", "\"paddr\": \"0x0z\"", "untyped_list[0].paddr", "not a hexadecimal"},
        {"\"paddr\": \"0x0\", ", "", "untyped_list[0].paddr", "missing"},
        {"\"size_bits\": 20", "\"size_bits\": \"20\"", "untyped_list[0].size_bits", "not a number"},
        {"\"init_thread_cnode_size_bits\": 19", "\"init_thread_cnode_size_bits\": 27",
         "init_thread_cnode_size_bits", "27 is not in [7, 26]"},
        {"{", "[", "file", "line 2"},
        {"\"untyped_list\": [", "\"untyped_list\": [7, ", "untyped_list", "97 entries"},
        {"{\"paddr\": \"0x0\", \"size_bits\": 20, \"device\": true}", "7", "untyped_list[0]",
         "is not an object"},
        {"\"paddr\": \"0x0\"", "\"paddr\": \"0x\"", "untyped_list[0].paddr", "not a hexadecimal"},
        {"\"paddr\": \"0x0\"", "\"paddr\": \"-0x10\"", "untyped_list[0].paddr",
         "not a hexadecimal"},
        {"\"paddr\": \"0x0\"", "\"paddr\": \"0xfffffffffffffffff\"", "untyped_list[0].paddr",
         "not a hexadecimal"},
        {"\"size_bits\": 20", "\"size_bits\": 20.0", "untyped_list[0].size_bits", "not a number"},
        {"\"size_bits\": 20", "\"size_bits\": 99999999999", "untyped_list[0].size_bits",
         "99999999999 is not in [4, 47]"},
        {"\"mcs\": false", "\"mcs\": false, \"mcs\": false", "file", "duplicate"},
    };
    refuse_each(variants);
}

static void regions_that_contradict(void **state)
{
    (void)state;
    static const struct variant variants[] = {
        {"[409, 524288]", "[409]", "empty", "not a pair"},
        {"[409, 524288]", "[409, 524289]", "empty", "slot 524288 is beyond the root CNode"},
        {"[409, 524288]", "[408, 524288]", "empty", "starts at slot 408"},
        {"[409, 524288]", "[409, 408]", "empty", "ends before it starts"},
        {"[16, 19]", "[15, 18]", "user_image_paging", "starts at slot 15"},
        {"[16, 19]", "[16, 18]", "user_image_paging",
         "2 structures cannot map the image's 296 pages"},
        {"[20, 313]", "[19, 313]", "user_image_frames", "starts at slot 19"},
        {"[20, 313]", "[20, 314]", "untyped", "starts at slot 313"},
        {"[19, 20]", "[19, 21]", "user_image_frames", "starts at slot 20"},
        {"\"shared_frames\": [0, 0]", "\"shared_frames\": [600, 601]", "shared_frames", "be empty"},
        {"[313, 409]", "[313, 408]", "untyped_list", "96 entries, but `untyped` has 95 slots"},
        {"[313, 409]", "[300, 396]", "untyped", "starts at slot 300"},
        {"[409, 524288]", "[-1, 524288]", "empty", "not a pair"},
        {"[409, 524288]", "{}", "empty", "not a pair"},
        {"[409, 524288]", "[18446744073709551615, 2]", "file", "too big integer"},
    };
    refuse_each(variants);
}

static void untypeds_that_contradict(void **state)
{
    (void)state;
    static const struct variant variants[] = {
        {"\"0x0\", \"size_bits\": 20", "\"0x0\", \"size_bits\": 3", "untyped_list[0].size_bits",
         "3 is not in [4, 47]"},
        {"\"0x0\", \"size_bits\": 20", "\"0x0\", \"size_bits\": 48", "untyped_list[0].size_bits",
         "48 is not in [4, 47]"},
        {"\"0x0\", \"size_bits\": 20", "\"0x0\", \"size_bits\": 21", "untyped_list[65]",
         "overlaps untyped_list[0]"},
        {"\"0x100000\", \"size_bits\": 20", "\"0x200000\", \"size_bits\": 20", "untyped_list[66]",
         "overlaps untyped_list[65]"},
        {"\"0x7f8000000000\", \"size_bits\": 39", "\"0x608000000000\", \"size_bits\": 39",
         "untyped_list[64]", "overlaps untyped_list[59]"},
        {"\"0x0\", \"size_bits\": 20", "\"0x1000\", \"size_bits\": 20", "untyped_list[0].paddr",
         "not aligned to its 2^20 bytes"},
        {"\"0x7f8000000000\", \"size_bits\": 39", "\"0x808000000000\", \"size_bits\": 39",
         "untyped_list[64].paddr", "beyond the physical addresses"},
        {"\"0x608000000000\", \"size_bits\": 44", "\"0x608000000000\", \"size_bits\": 45",
         "untyped_list[59].paddr", "0x608000000000 + 2^45 is beyond the physical addresses"},
        {"\"0x100000\", \"size_bits\": 20", "\"0x8000000000\", \"size_bits\": 20",
         "untyped_list[65].paddr", "beyond what the kernel reaches"},
    };
    refuse_each(variants);
}

static void too_many_untypeds(void **state)
{
    (void)state;
    static char text[32768];
    size_t used = 0;
    for (int i = 0; i < 300; i++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 "{\"paddr\": \"0x%x\", \"size_bits\": 4, \"device\": true},\n",
                                 0x80000000u + 16u * (unsigned)i);
    }
    char *const all = malloc(used + 64);
    snprintf(all, used + 64, "\"untyped_list\": [%s", text);
    const struct variant variant = {"\"untyped_list\": [", all, "untyped_list",
                                    "396 entries, but boot information holds 230"};
    refuse_all(&variant, 1);
    free(all);
}

static void no_file(void **state)
{
    (void)state;
    static const struct variant variants[] = {{"{", "", "file", "line "}};
    refuse_each(variants);
    assert_null(sel4model_boot("/nonexistent/record.json"));
    assert_non_null(strstr(sel4model_error(), "/nonexistent/record.json: file: "));
    assert_non_null(sel4model_boot(RECORD(MACHINE)));
    assert_string_equal(sel4model_error(), "");
    sel4model_shutdown();
}

static void records_of_other_architectures(void **state)
{
    (void)state;
    assert_null(sel4model_boot(RECORD("virt-2g-aarch64")));
    assert_non_null(strstr(sel4model_error(), "virt-2g-aarch64.json: arch: "));
    assert_null(sel4model_boot(RECORD("pc99-512m-ia32")));
    assert_null(sel4model_boot(RECORD("pc99-512m-mcs")));
    assert_non_null(strstr(sel4model_error(), "pc99-512m-mcs.json: mcs: "));
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof(path), "%s/record.json", folder);
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_other_kernels),
        cmocka_unit_test(fields_that_are_wrong),
        cmocka_unit_test(regions_that_contradict),
        cmocka_unit_test(untypeds_that_contradict),
        cmocka_unit_test(too_many_untypeds),
        cmocka_unit_test(no_file),
        cmocka_unit_test(records_of_other_architectures),
    };
    return cmocka_run_group_tests_name("model: records", tests, make_folder, remove_folder);
}
