/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo.h"
#include "text.h"

#define WIDTH DEMO_COLUMNS   /* columns of a line at most */
#define LABEL_WIDTH 9        /* columns before the first root */
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
    if (taken == 0 || book * 8 >= free_bytes + taken + book) { /* little of it shall be seen, too */
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
    fputs("         |...| is one root, an untyped that the kernel gave at boot; its size stands\n"
          "         above it in the first picture. Roots stand in the order of their addresses.\n"
          "         Above 2 MiB their width grows with the logarithm of their size.\n", stdout);
}

static bool is_large(const struct survey_root *root)
{
    return root->size_bits > DEMO_SMALL_ROOT_BITS;
}

static size_t cells_of(const struct survey_root *root)
{
    return is_large(root) ? root->size_bits - LARGE_CELLS_LESS : SMALL_CELLS;
}

static void print_root(const struct survey *survey, const struct survey_root *root, bool colour)
{
    struct survey_cell cells[ALLOCMAN_SPLIT_CLASSES];
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

/* The end of a line of roots of one kind that starts with the `from`th root. */
static size_t line_end(const struct survey *survey, size_t from, bool large)
{
    size_t column = LABEL_WIDTH + 1;
    for (size_t at = from; at < survey->ram_count; at++) {
        const struct survey_root *const root = &survey->roots[at];
        if (is_large(root) == large) {
            column += cells_of(root) + 1;
            if (column > WIDTH) {
                return at;
            }
        }
    }
    return survey->ram_count;
}

/* Print the sizes of a line's roots, each above its root. */
static void print_sizes(const struct survey *survey, size_t from, size_t end, bool large)
{
    size_t blanks = LABEL_WIDTH + 1; /* owed before the next size */
    for (size_t at = from; at < end; at++) {
        const struct survey_root *const root = &survey->roots[at];
        if (is_large(root) == large) {
            const struct text size = text_bits_short(root->size_bits);
            printf("%*s%s", (int)blanks, "", size.s);
            blanks = cells_of(root) + 1 - strlen(size.s);
        }
    }
    putchar('\n');
}

static void print_roots(const struct survey *survey, size_t from, size_t end, bool large)
{
    const bool colour = in_colour();
    for (size_t at = from; at < end; at++) {
        if (is_large(&survey->roots[at]) == large) {
            print_root(survey, &survey->roots[at], colour);
        }
    }
    putchar('\n');
}

static void print_kind(const struct survey *survey, bool large, bool ruler)
{
    const char *label = large ? "  > 2 MiB" : " <= 2 MiB";
    for (size_t at = 0; at < survey->ram_count;) {
        if (is_large(&survey->roots[at]) != large) {
            at++;
            continue;
        }
        const size_t end = line_end(survey, at, large);
        if (ruler) {
            print_sizes(survey, at, end, large);
        }
        printf("%-*s|", LABEL_WIDTH, label);
        print_roots(survey, at, end, large);
        label = "";
        at = end;
    }
}

void picture_terminal(const struct survey *survey, bool ruler)
{
    print_kind(survey, true, ruler);
    print_kind(survey, false, ruler);
}
