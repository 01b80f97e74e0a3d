/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Switches in the environment: for programs that are not to be changed, or even built, again. */
#include "environment.h"
#include "record.h"
#include "task.h"
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sel4model/costs.h>
#include <sel4model/trace.h>

extern char **environ;

#define PREFIX           "SEL4MODEL_"
#define VARIABLE_RECORD  PREFIX "RECORD"
#define VARIABLE_TRACE   PREFIX "TRACE"
#define VARIABLE_REFUSE  PREFIX "REFUSE"
#define VARIABLE_REPORT  PREFIX "REPORT"
#define VARIABLE_WEIGHTS PREFIX "WEIGHTS"

/* What the variables say. The report's file and the trace are opened once a program. */
static struct {
    struct refusal refusal;
    bool has_weights;
    struct sel4model_weights weights;
    enum sel4model_trace_form trace_form;
    const char *trace_path; /* null: no trace */
    FILE *report;
    bool is_started;
} environment;

static bool reject(const char *variable, const char *reason)
{
    return model_record_reject("environment", variable, "\"%s\" %s", getenv(variable), reason);
}

/* A variable that looks like ours and is none would be ignored in silence. */
static bool check_names(void)
{
    static const char *const names[] = {VARIABLE_RECORD, VARIABLE_TRACE, VARIABLE_REFUSE,
                                        VARIABLE_REPORT, VARIABLE_WEIGHTS};
    for (char **entry = environ; *entry != NULL; entry++) {
        const size_t length = strcspn(*entry, "=");
        bool is_known = strncmp(*entry, PREFIX, sizeof(PREFIX) - 1) != 0;
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !is_known; i++) {
            is_known = strlen(names[i]) == length && strncmp(*entry, names[i], length) == 0;
        }
        if (!is_known) {
            char name[96];
            snprintf(name, sizeof(name), "%.*s", (int)length, *entry);
            return model_record_reject("environment", name,
                                       "is no switch; there are RECORD, TRACE, REFUSE, REPORT and "
                                       "WEIGHTS, each after " PREFIX);
        }
    }
    return true;
}

/* text, text:FILE or compact:FILE. */
static bool read_trace(void)
{
    const char *const text = getenv(VARIABLE_TRACE);
    environment.trace_path = NULL;
    if (text == NULL) {
        return true;
    }
    environment.trace_form = SEL4MODEL_TRACE_TEXT;
    if (strcmp(text, "text") == 0) {
        environment.trace_path = "-";
    } else if (strncmp(text, "text:", 5) == 0 && text[5] != '\0') {
        environment.trace_path = text + 5;
    } else if (strncmp(text, "compact:", 8) == 0 && text[8] != '\0') {
        environment.trace_form = SEL4MODEL_TRACE_COMPACT;
        environment.trace_path = text + 8;
    }
    return environment.trace_path != NULL ||
           reject(VARIABLE_TRACE, "is not text, text:FILE or compact:FILE");
}

static bool is_text(const char *text, size_t length, const char *name)
{
    return strlen(name) == length && strncmp(text, name, length) == 0;
}

static bool read_kind(const char *text, size_t length)
{
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        environment.refusal.kind = (enum sel4model_invocation)kind;
        if (is_text(text, length, sel4model_invocation_name(environment.refusal.kind))) {
            return true;
        }
    }
    return reject(VARIABLE_REFUSE, "names no kind of invocation of this kernel");
}

static bool read_error(const char *text)
{
    static const char prefix[] = "seL4_";
    for (unsigned error = seL4_NoError + 1; error < seL4_NumErrors; error++) {
        const char *const name = model_error_name(error);
        if (strcmp(text, name) == 0 || strcmp(text, name + sizeof(prefix) - 1) == 0) {
            environment.refusal.error = (seL4_Error)error;
            return true;
        }
    }
    return reject(VARIABLE_REFUSE, "ends with no error of seL4, such as NotEnoughMemory");
}

/* KIND:N:ERROR or N:ERROR. */
static bool read_refusal(void)
{
    const char *text = getenv(VARIABLE_REFUSE);
    char *end = NULL;
    environment.refusal = (struct refusal){.kind = SEL4MODEL_ANY_INVOCATION};
    if (text == NULL) {
        return true;
    }
    if (text[0] < '0' || text[0] > '9') {
        const size_t length = strcspn(text, ":");
        if (!read_kind(text, length)) {
            return false;
        }
        text += length + (text[length] == ':');
    }
    errno = 0;
    environment.refusal.left = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || errno != 0 || environment.refusal.left == 0 ||
        *end != ':') {
        return reject(VARIABLE_REFUSE, "is not [KIND:]N:ERROR with N from 1");
    }
    return read_error(end + 1);
}

static bool read_weights(void)
{
    const char *const path = getenv(VARIABLE_WEIGHTS);
    environment.has_weights = path != NULL;
    if (path != NULL && getenv(VARIABLE_REPORT) == NULL) {
        return reject(VARIABLE_WEIGHTS, "is of no use without " VARIABLE_REPORT);
    }
    return path == NULL || sel4model_weights_read(path, &environment.weights);
}

bool model_environment_check(void)
{
    return check_names() && read_trace() && read_refusal() && read_weights();
}

static bool start_report(void)
{
    const char *const path = getenv(VARIABLE_REPORT);
    if (path == NULL) {
        return true;
    }
    environment.report = strcmp(path, "-") == 0 ? stderr : fopen(path, "w");
    if (environment.report == NULL) {
        return reject(VARIABLE_REPORT, strerror(errno));
    }
    return atexit(model_environment_report) == 0;
}

bool model_environment_start(void)
{
    if (environment.is_started) {
        return true;
    }
    if (environment.trace_path != NULL &&
        !sel4model_trace_start(environment.trace_form, environment.trace_path)) {
        return reject(VARIABLE_TRACE, "cannot be written");
    }
    environment.is_started = start_report();
    return environment.is_started;
}

void model_environment_apply(void)
{
    model.refusal = environment.refusal;
}

void model_environment_report(void)
{
    MODEL_ENTER_BLOCK();
    if (model.is_booted && environment.report != NULL) {
        sel4model_counters_print(&model.counters,
                                 environment.has_weights ? &environment.weights : NULL,
                                 environment.report);
        fflush(environment.report);
    }
}

const char *model_environment_record(void)
{
    return getenv(VARIABLE_RECORD);
}
