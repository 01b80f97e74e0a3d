/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo.h"
#include "text.h"

#define WIDTH 96         /* columns of a line at most */
#define LABEL_WIDTH 9    /* columns before the first root */
#define LARGE_CELLS_LESS 19u /* a root above 2 MiB of 2^n bytes is n - 19 cells wide, */
#define SMALL_CELLS 4u       /* a smaller one always four: its size has room above it */

/* What a cell shows. */
enum sign { SIGN_FREE, SIGN_PIECES, SIGN_PART, SIGN_FULL, SIGN_BOOK, SIGN_COUNT };

static const struct {
    char glyph;
    const char *colour; /* the background */
    const char *meaning;
} signs[SIGN_COUNT] = {
    [SIGN_FREE] = {'.', "\033[30;42m", "free"},
    [SIGN_PIECES] = {':', "\033[30;46m", "free in small pieces"},
    [SIGN_PART] = {'o', "\033[30;43m", "partly taken"},
    [SIGN_FULL] = {'#', "\033[97;44m", "taken"},
    [SIGN_BOOK] = {'B', "\033[97;45m", "book memory"},
};

static bool in_colour(void)
{
    const char *const term = getenv("TERM");
    return isatty(STDOUT_FILENO) && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

static enum sign sign_of(const struct survey_cell *cell)
{
    const uint64_t free_bytes = cell->bytes[OWNER_NOBODY];
    const uint64_t taken = cell->bytes[OWNER_DEMO];
    const uint64_t book = cell->bytes[OWNER_BOOK];
    if (taken == 0 && book == 0) {
        return cell->largest_free < free_bytes ? SIGN_PIECES : SIGN_FREE;
    }
    if (taken <= book) {
        return SIGN_BOOK;
    }
    return free_bytes == 0 ? SIGN_FULL : SIGN_PART;
}

/* Print a run of cells of one sign. */
static void print_run(enum sign sign, size_t length, bool colour)
{
    if (colour && length > 0) {
        fputs(signs[sign].colour, stdout);
    }
    for (size_t i = 0; i < length; i++) {
        putchar(signs[sign].glyph);
    }
    if (colour && length > 0) {
        fputs("\033[0m", stdout);
    }
}

void picture_terminal_legend(void)
{
    const bool colour = in_colour();
    fputs("memory:  ", stdout);
    for (unsigned s = 0; s < SIGN_COUNT; s++) {
        print_run((enum sign)s, 1, colour);
        printf(" %s%s", signs[s].meaning, s + 1 < SIGN_COUNT ? "   " : "\n");
    }
    fputs("         One |...| is an untyped that the kernel gave at boot, a root; roots stand in the\n"
          "         order of their addresses. Widths grow with the logarithm of the size.\n",
          stdout);
}

static size_t cells_of(const struct survey_root *root)
{
    return root->size_bits > DEMO_SMALL_ROOT_BITS ? root->size_bits - LARGE_CELLS_LESS : SMALL_CELLS;
}

static bool is_large(const struct survey_root *root)
{
    return root->size_bits > DEMO_SMALL_ROOT_BITS;
}

static void print_root(const struct survey *survey, const struct survey_root *root, bool colour)
{
    struct survey_cell cells[48];
    const size_t count = cells_of(root);
    survey_cells(survey, root, count, cells);
    for (size_t i = 0; i < count;) {
        const enum sign sign = sign_of(&cells[i]);
        size_t length = 1;
        while (i + length < count && sign_of(&cells[i + length]) == sign) {
            length++;
        }
        print_run(sign, length, colour);
        i += length;
    }
    putchar('|');
}

/* Print the RAM roots of one kind from the `from`th on, as many as a line holds; where the next line
 * starts. */
static size_t print_line(const struct survey *survey, size_t from, bool large, bool sizes,
                         const char *label)
{
    const bool colour = in_colour();
    size_t at = from;
    size_t column = LABEL_WIDTH + 1;
    printf("%-*s%c", LABEL_WIDTH, label, sizes ? ' ' : '|');
    for (; at < survey->ram_count; at++) {
        const struct survey_root *const root = &survey->roots[at];
        if (is_large(root) != large) {
            continue;
        }
        column += cells_of(root) + 1;
        if (column > WIDTH) {
            break;
        }
        if (sizes) {
            printf("%-*s ", (int)cells_of(root), text_bits_short(root->size_bits).s);
        } else {
            print_root(survey, root, colour);
        }
    }
    putchar('\n');
    return at;
}

static void print_kind(const struct survey *survey, bool large, bool ruler)
{
    const char *label = large ? "  > 2 MiB" : " <= 2 MiB";
    for (size_t at = 0; at < survey->ram_count;) {
        if (is_large(&survey->roots[at]) != large) {
            at++;
            continue;
        }
        if (ruler) {
            (void)print_line(survey, at, large, true, "");
        }
        at = print_line(survey, at, large, false, label);
        label = "";
    }
}

void picture_terminal(const struct survey *survey, bool ruler)
{
    print_kind(survey, true, ruler);
    print_kind(survey, false, ruler);
}
