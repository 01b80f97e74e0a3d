/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Weighing what was counted. */
#include "record.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>
#include <sel4model/costs.h>

/* A number that is not negative. */
static bool read_number(const char *path, const char *field, const json_t *value, double *number)
{
    if (value == NULL) {
        return model_record_reject(path, field, "missing");
    }
    if (!json_is_number(value) || json_number_value(value) < 0) {
        return model_record_reject(path, field, "is not a number of nanoseconds");
    }
    *number = json_number_value(value);
    return true;
}

static int kind_of(const char *name)
{
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        if (strcmp(name, sel4model_invocation_name((enum sel4model_invocation)kind)) == 0) {
            return kind;
        }
    }
    return -1;
}

/* "any" is for all kinds that have no weight of their own. */
static bool read_invocations(const char *path, json_t *list, struct sel4model_weights *weights)
{
    char field[96];
    const char *name;
    json_t *value;
    double any = 0;
    if (!json_is_object(list)) {
        return model_record_reject(path, "invocation_ns",
                                   list == NULL ? "missing" : "is not an object");
    }
    if (!read_number(path, "invocation_ns.any", json_object_get(list, "any"), &any)) {
        return false;
    }
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        weights->invocation[kind] = any;
    }
    json_object_foreach(list, name, value)
    {
        const int kind = kind_of(name);
        snprintf(field, sizeof(field), "invocation_ns.%s", name);
        if (strcmp(name, "any") == 0) {
            continue;
        }
        if (kind < 0) {
            return model_record_reject(path, field, "is no kind of invocation of this kernel");
        }
        if (!read_number(path, field, value, &weights->invocation[kind])) {
            return false;
        }
    }
    return true;
}

static bool check_names(const char *path, json_t *root)
{
    static const char *const known[] = {"source",         "invocation_ns",  "object_ns",
                                        "removed_cap_ns", "revoked_cap_ns", "destroyed_slot_ns",
                                        "zeroed_byte_ns", "cleaned_byte_ns"};
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        bool is_known = false;
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && !is_known; i++) {
            is_known = strcmp(name, known[i]) == 0;
        }
        if (!is_known) {
            return model_record_reject(path, name, "is no field of weights");
        }
    }
    return true;
}

static bool read_fields(const char *path, json_t *root, struct sel4model_weights *weights)
{
    const json_t *const source = json_object_get(root, "source");
    if (!json_is_string(source)) {
        return model_record_reject(path, "source", source == NULL ? "missing" : "is not a text");
    }
    if (json_string_length(source) >= sizeof(weights->source)) {
        return model_record_reject(path, "source", "has %zu bytes, more than %zu",
                                   json_string_length(source), sizeof(weights->source) - 1);
    }
    memcpy(weights->source, json_string_value(source), json_string_length(source) + 1);
    return check_names(path, root) &&
           read_invocations(path, json_object_get(root, "invocation_ns"), weights) &&
           read_number(path, "object_ns", json_object_get(root, "object_ns"), &weights->object) &&
           read_number(path, "removed_cap_ns", json_object_get(root, "removed_cap_ns"),
                       &weights->removed_cap) &&
           read_number(path, "revoked_cap_ns", json_object_get(root, "revoked_cap_ns"),
                       &weights->revoked_cap) &&
           read_number(path, "destroyed_slot_ns", json_object_get(root, "destroyed_slot_ns"),
                       &weights->destroyed_slot) &&
           read_number(path, "zeroed_byte_ns", json_object_get(root, "zeroed_byte_ns"),
                       &weights->zeroed_byte) &&
           read_number(path, "cleaned_byte_ns", json_object_get(root, "cleaned_byte_ns"),
                       &weights->cleaned_byte);
}

bool sel4model_weights_read(const char *path, struct sel4model_weights *weights)
{
    struct sel4model_weights read = {.object = 0};
    json_t *const root = model_record_load(path);
    const bool is_good = root != NULL && read_fields(path, root, &read);
    json_decref(root);
    if (is_good) {
        *weights = read;
    }
    return is_good;
}

double sel4model_cost_ns(const struct sel4model_weights *weights,
                         const struct sel4model_counters *counters)
{
    double sum = weights->object * (double)counters->objects_created +
                 weights->removed_cap * (double)counters->caps_removed +
                 weights->revoked_cap * (double)counters->caps_revoked +
                 weights->destroyed_slot * (double)counters->slots_destroyed +
                 weights->zeroed_byte * (double)counters->bytes_zeroed +
                 weights->cleaned_byte * (double)counters->bytes_cleaned;
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        sum += weights->invocation[kind] * (double)counters->invocations[kind];
    }
    return sum;
}

static void print_count(FILE *out, const char *name, uint64_t count, uint64_t refused)
{
    if (count != 0) {
        fprintf(out, "%-32s %14" PRIu64, name, count);
        if (refused != 0) {
            fprintf(out, "  (%" PRIu64 " refused)", refused);
        }
        fputc('\n', out);
    }
}

void sel4model_counters_print(const struct sel4model_counters *counters,
                              const struct sel4model_weights *weights, FILE *out)
{
    uint64_t count = 0;
    uint64_t refused = 0;
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        print_count(out, sel4model_invocation_name((enum sel4model_invocation)kind),
                    counters->invocations[kind], counters->refused[kind]);
        count += counters->invocations[kind];
        refused += counters->refused[kind];
    }
    print_count(out, "all invocations", count, refused);
    print_count(out, "refused by request", counters->injected, 0);
    print_count(out, "objects created", counters->objects_created, 0);
    print_count(out, "capabilities removed", counters->caps_removed, 0);
    print_count(out, "descendants revoked", counters->caps_revoked, 0);
    print_count(out, "slots destroyed", counters->slots_destroyed, 0);
    print_count(out, "bytes zeroed", counters->bytes_zeroed, 0);
    print_count(out, "bytes cleaned", counters->bytes_cleaned, 0);
    if (weights != NULL) {
        fprintf(out, "%-32s %14.3f  (%s)\n", "estimated ms",
                sel4model_cost_ns(weights, counters) / 1e6, weights->source);
    }
}
