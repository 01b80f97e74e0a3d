/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "figures.h"

#include "budgets.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 32

static struct figure *figures_add(struct figures *figures, const char *workload, const char *name,
                                  double value)
{
    if (figures->count == FIGURES_MAX) {
        fprintf(stderr, "bench: more than %d figures: raise FIGURES_MAX\n", FIGURES_MAX);
        exit(EXIT_FAILURE);
    }
    struct figure *const figure = &figures->figure[figures->count++];
    *figure = (struct figure){.workload = workload, .value = value, .budget = NAN};
    (void)snprintf(figure->name, sizeof(figure->name), "%s", name);
    return figure;
}

void figures_record(struct figures *figures, const char *workload, const char *name, double value)
{
    (void)figures_add(figures, workload, name, value);
}

static struct figure *figures_find(struct figures *figures, const char *workload, const char *name)
{
    for (size_t i = 0; i < figures->count; i++) {
        struct figure *const figure = &figures->figure[i];
        if (strcmp(figure->workload, workload) == 0 && strcmp(figure->name, name) == 0) {
            return figure;
        }
    }
    return NULL;
}

/* Comparisons are exact: 2.0002 is not 2.00. NAN meets nothing. */
static bool is_met(double value, enum budget_relation relation, double bound)
{
    switch (relation) {
    case BUDGET_AT_MOST:
        return value <= bound;
    case BUDGET_AT_LEAST:
        return value >= bound;
    case BUDGET_SAME:
        return value == bound;
    }
    return false;
}

static const char *relation_text(enum budget_relation relation)
{
    static const char *const texts[] = {
        [BUDGET_AT_MOST] = "<=", [BUDGET_AT_LEAST] = ">=", [BUDGET_SAME] = "="};
    return texts[relation];
}

static void budget_apply(struct figures *figures, const struct budget *budget)
{
    struct figure *figure = figures_find(figures, budget->workload, budget->figure);
    if (!figure && budget->only_reported) {
        return;
    }
    if (!figure) {
        figure = figures_add(figures, budget->workload, budget->figure, NAN);
    }
    figure->has_budget = true;
    figure->only_reported = budget->only_reported;
    figure->budget = budget->bound;
    if (budget->base) {
        const struct figure *const base = figures_find(figures, budget->workload, budget->base);
        figure->budget = base ? budget->bound * base->value : NAN;
    }
    strcpy(figure->relation, relation_text(budget->relation));
    figure->met = is_met(figure->value, budget->relation, figure->budget);
}

void figures_judge(struct figures *figures, const char *workload)
{
    for (size_t i = 0; i < budget_count; i++) {
        const struct budget *const budget = &budgets[i];
        const bool applies = figures->on_reference || !budget->only_reference;
        if (applies && strcmp(budget->workload, workload) == 0) {
            budget_apply(figures, budget);
        }
    }
}

static bool is_missed(const struct figure *figure)
{
    return figure->has_budget && !figure->met && !figure->only_reported;
}

size_t figures_missed(const struct figures *figures)
{
    size_t missed = 0;
    for (size_t i = 0; i < figures->count; i++) {
        missed += is_missed(&figures->figure[i]) ? 1 : 0;
    }
    return missed;
}

static bool is_whole(double value)
{
    return value > -1e15 && value < 1e15 && value == (double)(int64_t)value;
}

/* A number for people. */
static const char *number(double value, char text[NUMBER_BYTES])
{
    if (isnan(value)) {
        return "-";
    }
    snprintf(text, NUMBER_BYTES, is_whole(value) ? "%.0f" : "%.6g", value);
    return text;
}

static void print_row(const char *const cell[5], FILE *out)
{
    fprintf(out, "%-15s %-28s %12s %12s  %s\n", cell[0], cell[1], cell[2], cell[3], cell[4]);
}

static void print_figure(const struct figure *figure, FILE *out)
{
    char value[NUMBER_BYTES];
    char bound[NUMBER_BYTES];
    char budget[NUMBER_BYTES + sizeof(figure->relation)] = "";
    const char *verdict = "";
    if (figure->has_budget) {
        snprintf(budget, sizeof(budget), "%s %s", figure->relation, number(figure->budget, bound));
        verdict = figure->met ? "met" : figure->only_reported ? "above" : "MISSED";
    }
    print_row((const char *const[]){figure->workload, figure->name, budget,
                                    number(figure->value, value), verdict},
              out);
}

void figures_print_table(const struct figures *figures, FILE *out)
{
    size_t met = 0;
    size_t above = 0;
    print_row((const char *const[]){"workload", "figure", "budget", "measured", ""}, out);
    for (size_t i = 0; i < figures->count; i++) {
        const struct figure *const figure = &figures->figure[i];
        if (i > 0 && strcmp(figure->workload, figures->figure[i - 1].workload) != 0) {
            fputc('\n', out);
        }
        print_figure(figure, out);
        met += figure->has_budget && figure->met ? 1 : 0;
        above += figure->has_budget && !figure->met && figure->only_reported ? 1 : 0;
    }
    const size_t missed = figures_missed(figures);
    fprintf(out, "\n%zu figures, %zu budgets met, %zu missed", figures->count, met, missed);
    if (above > 0) {
        fprintf(out, ", %zu above what was aimed at (reported, never checked)", above);
    }
    fputc('\n', out);
}

void figures_print_missed(const struct figures *figures, FILE *out)
{
    for (size_t i = 0; i < figures->count; i++) {
        const struct figure *const figure = &figures->figure[i];
        char value[NUMBER_BYTES];
        char bound[NUMBER_BYTES];
        if (is_missed(figure)) {
            fprintf(out, "bench: missed: %s %s is %s, budget %s %s\n", figure->workload,
                    figure->name,
                    isnan(figure->value) ? "not measured" : number(figure->value, value),
                    figure->relation, number(figure->budget, bound));
        }
    }
}

/* The shortest text that reads back as the same number; null if there is none. */
static void print_json_number(double value, FILE *out)
{
    char text[NUMBER_BYTES] = "null";
    if (is_whole(value)) {
        fprintf(out, "%.0f", value);
        return;
    }
    for (int digits = 1; digits <= 17 && isfinite(value); digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    fputs(text, out);
}

void figures_print_json(const struct figures *figures, FILE *out)
{
    for (size_t i = 0; i < figures->count; i++) {
        const struct figure *const figure = &figures->figure[i];
        fprintf(out, "{\"workload\":\"%s\",\"figure\":\"%s\",\"value\":", figure->workload,
                figure->name);
        print_json_number(figure->value, out);
        if (figure->has_budget) {
            fputs(",\"budget\":", out);
            print_json_number(figure->budget, out);
        }
        fputs("}\n", out);
    }
}
