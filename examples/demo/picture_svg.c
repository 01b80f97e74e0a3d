/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* A bar for each root. Roots and blocks are powers of two, and so are a bar's columns: a block is
 * drawn to the column, or, if it is smaller than one, adds to its column's shade. So a bar is at
 * most COLUMNS_MAX shades, however many blocks there are, and equal neighbours are one piece. */

#include "picture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"
#include "report.h"
#include "text.h"

/* Lengths are in the picture's units, pixels at its natural size. */
#define WIDTH 1120
#define MARGIN 32
#define BARS_X 236     /* where bars start */
#define BAR_MIN 24.0   /* length of the smallest root's bar */
#define BAR_MAX 852.0  /* and of the largest one's */
#define BAR_HEIGHT 11
#define ROW_HEIGHT 17
#define ROWS_Y 196     /* where the first row's heading stands */
#define HEADING_HEIGHT 26
#define COLUMNS_MAX 512u
#define COLUMN_MIN 1.2 /* length of a column at least */
#define LINE_MIN 5.0   /* blocks at least that long have a line at their end */
#define NOTE_COLUMNS 150

/* The shades that a column can have. */
enum shade {
    SHADE_FREE,
    SHADE_PIECES,
    SHADE_LOW,
    SHADE_HALF,
    SHADE_HIGH,
    SHADE_FULL,
    SHADE_BOOK,
    SHADE_COUNT
};

static const struct {
    const char *colour;
    const char *meaning;
} shades[SHADE_COUNT] = {
    [SHADE_FREE] = {"#cfe5d2", "free"},
    [SHADE_PIECES] = {"#9fcfae", "free, in pieces too small to draw"},
    [SHADE_LOW] = {"#c3d4ec", "a quarter"},
    [SHADE_HALF] = {"#8fb0dc", "half"},
    [SHADE_HIGH] = {"#5a86c4", "three quarters"},
    [SHADE_FULL] = {"#265a9e", "all"},
    [SHADE_BOOK] = {"#d9480f", "book memory, also marked below a bar"},
};

/* A root's bar. */
struct bar {
    const struct survey_root *root;
    double y;
    double length;
    size_t columns;
    struct survey_cell *cells;
};

/* Everything that is drawn. */
struct picture {
    FILE *file;
    const struct survey *survey;
    struct bar *bars;
    size_t bar_count;
    size_t ram_bars;
    struct survey_cell *cells;
    double height;
};

static void put_text(FILE *file, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *const escaped = text[i] == '&'   ? "&amp;"
                                    : text[i] == '<' ? "&lt;"
                                    : text[i] == '>' ? "&gt;"
                                                     : NULL;
        if (escaped) {
            fputs(escaped, file);
        } else {
            putc(text[i], file);
        }
    }
}

static enum shade shade_of(const struct survey_cell *cell)
{
    const uint64_t free_bytes = cell->bytes[OWNER_NOBODY];
    const uint64_t taken = cell->bytes[OWNER_DEMO];
    const uint64_t book = cell->bytes[OWNER_BOOK];
    const uint64_t all = free_bytes + taken + book;
    if (book * 2 >= all) {
        return SHADE_BOOK;
    }
    if (taken == 0) {
        return cell->largest_free < free_bytes ? SHADE_PIECES : SHADE_FREE;
    }
    if (free_bytes == 0) {
        return SHADE_FULL;
    }
    return taken * 8 < all * 3 ? SHADE_LOW : taken * 8 < all * 5 ? SHADE_HALF : SHADE_HIGH;
}

static bool is_drawn(const struct survey_root *root)
{
    return !root->is_device || root->bytes[OWNER_DEMO] + root->bytes[OWNER_BOOK] > 0;
}

/* Decide on place, length and columns of each bar, and cut the roots into columns. */
static bool lay_out(struct picture *picture)
{
    const struct survey *const survey = picture->survey;
    picture->bars = calloc(survey->root_count + 1, sizeof(*picture->bars));
    picture->cells = calloc((survey->root_count + 1) * COLUMNS_MAX, sizeof(*picture->cells));
    if (!picture->bars || !picture->cells) {
        return report("the host has no memory left");
    }
    unsigned least = 64;
    unsigned most = 0;
    for (size_t i = 0; i < survey->root_count; i++) {
        const unsigned bits = survey->roots[i].size_bits;
        least = is_drawn(&survey->roots[i]) && bits < least ? bits : least;
        most = is_drawn(&survey->roots[i]) && bits > most ? bits : most;
    }
    double y = ROWS_Y + HEADING_HEIGHT;
    for (size_t i = 0; i < survey->root_count; i++) {
        const struct survey_root *const root = &survey->roots[i];
        if (!is_drawn(root)) {
            continue;
        }
        struct bar *const bar = &picture->bars[picture->bar_count];
        const bool first_device = root->is_device && picture->bar_count == picture->ram_bars;
        y += first_device ? HEADING_HEIGHT + 8 : 0;
        *bar = (struct bar){.root = root, .y = y};
        bar->length = BAR_MIN + (BAR_MAX - BAR_MIN) * (root->size_bits - least) /
                                    (most > least ? most - least : 1);
        bar->columns = COLUMNS_MAX;
        while (bar->length / (double)bar->columns < COLUMN_MIN) {
            bar->columns /= 2;
        }
        bar->cells = &picture->cells[picture->bar_count * COLUMNS_MAX];
        survey_cells(survey, root, bar->columns, bar->cells);
        picture->bar_count++;
        picture->ram_bars += !root->is_device;
        y += ROW_HEIGHT;
    }
    picture->height = y + MARGIN - 12;
    return true;
}

static void draw_figure(FILE *file, double x, const char *name, const char *value)
{
    fprintf(file, "<text class=\"s\" x=\"%.0f\" y=\"118\">%s</text>"
            "<text class=\"v\" x=\"%.0f\" y=\"139\">%s</text>\n", x, name, x, value);
}

static void draw_head(const struct picture *picture, const char *title, const char *note,
                      const struct table_row *row)
{
    FILE *const file = picture->file;
    fprintf(file, "<text class=\"t\" x=\"%d\" y=\"46\">", MARGIN);
    put_text(file, title, strlen(title));
    fputs("</text>\n", file);
    double y = 70;
    for (const char *rest = note; *rest; y += 18) {
        const size_t length = text_line(rest, NOTE_COLUMNS);
        fprintf(file, "<text class=\"n\" x=\"%d\" y=\"%.0f\">", MARGIN, y);
        put_text(file, rest, length);
        fputs("</text>\n", file);
        rest += length + (rest[length] == ' ');
    }
    const double step = (WIDTH - 2 * MARGIN) / 6.0;
    draw_figure(file, MARGIN, "objects", text_count(row->objects).s);
    draw_figure(file, MARGIN + step, "slots taken", text_count(row->slots).s);
    draw_figure(file, MARGIN + 2 * step, "book memory, bytes", text_count(row->book_bytes).s);
    draw_figure(file, MARGIN + 3 * step, "RAM free", text_bytes(row->free_bytes).s);
    draw_figure(file, MARGIN + 4 * step, "largest free block",
                row->largest_bits ? text_bytes(UINT64_C(1) << row->largest_bits).s : "none");
    draw_figure(file, MARGIN + 5 * step, "kernel invocations", text_count(row->invocations).s);
}

static void draw_legend(FILE *file)
{
    static const double x[SHADE_COUNT] = {32, 96, 482, 570, 634, 762, 826};
    fputs("<text class=\"s\" x=\"354\" y=\"171\">taken by objects:</text>\n", file);
    for (unsigned s = 0; s < SHADE_COUNT; s++) {
        fprintf(file, "<rect class=\"%c\" x=\"%.0f\" y=\"161\" width=\"14\" height=\"11\"/>"
                "<text class=\"s\" x=\"%.0f\" y=\"171\">%s</text>\n",
                (char)('a' + s), x[s], x[s] + 20, shades[s].meaning);
    }
}

/* One path a shade for all bars, of runs of equal columns. */
static void draw_shades(const struct picture *picture)
{
    for (unsigned s = 0; s < SHADE_COUNT; s++) {
        fprintf(picture->file, "<path class=\"%c\" d=\"", (char)('a' + s));
        for (size_t b = 0; b < picture->bar_count; b++) {
            const struct bar *const bar = &picture->bars[b];
            const double column = bar->length / (double)bar->columns;
            for (size_t i = 0; i < bar->columns;) {
                size_t run = 1;
                const enum shade shade = shade_of(&bar->cells[i]);
                while (i + run < bar->columns && shade_of(&bar->cells[i + run]) == shade) {
                    run++;
                }
                if (shade == s) {
                    fprintf(picture->file, "M%.6g %.6gh%.4gv%dh-%.4gz", BARS_X + (double)i * column,
                            bar->y, (double)run * column, BAR_HEIGHT, (double)run * column);
                }
                i += run;
            }
        }
        fputs("\"/>\n", picture->file);
    }
}

/* Lines where one block ends and the next begins. */
static void draw_lines(const struct picture *picture)
{
    fputs("<path class=\"l\" d=\"", picture->file);
    for (size_t b = 0; b < picture->bar_count; b++) {
        const struct bar *const bar = &picture->bars[b];
        const double unit = bar->length / (double)(UINT64_C(1) << bar->root->size_bits);
        for (size_t i = bar->root->first + 1; i < bar->root->first + bar->root->count; i++) {
            const struct survey_block *const block = &picture->survey->blocks[i];
            const uint64_t before = UINT64_C(1) << picture->survey->blocks[i - 1].size_bits;
            const uint64_t size = UINT64_C(1) << block->size_bits;
            if ((double)(before > size ? before : size) * unit >= LINE_MIN) {
                fprintf(picture->file, "M%.6g %.6gv%d", BARS_X + (double)block->offset * unit,
                        bar->y, BAR_HEIGHT);
            }
        }
    }
    fputs("\"/>\n", picture->file);
}

/* Marks below columns that hold any book memory. */
static void draw_marks(const struct picture *picture)
{
    fprintf(picture->file, "<path class=\"%c\" d=\"", (char)('a' + SHADE_BOOK));
    for (size_t b = 0; b < picture->bar_count; b++) {
        const struct bar *const bar = &picture->bars[b];
        const double column = bar->length / (double)bar->columns;
        for (size_t i = 0; i < bar->columns; i++) {
            if (bar->cells[i].bytes[OWNER_BOOK] > 0) {
                fprintf(picture->file, "M%.6g %.6gh%.4gv3h-%.4gz", BARS_X + (double)i * column,
                        bar->y + BAR_HEIGHT, column, column);
            }
        }
    }
    fputs("\"/>\n", picture->file);
}

static void draw_labels(const struct picture *picture)
{
    FILE *const file = picture->file;
    fprintf(file, "<text class=\"h\" x=\"%d\" y=\"%d\">RAM: the untypeds of boot, by address; "
            "lengths grow with the logarithm of the size</text>\n", MARGIN, ROWS_Y + 14);
    for (size_t b = 0; b < picture->bar_count; b++) {
        const struct bar *const bar = &picture->bars[b];
        if (b == picture->ram_bars) {
            fprintf(file, "<text class=\"h\" x=\"%d\" y=\"%.6g\">device memory in use</text>\n",
                    MARGIN, bar->y - 12);
        }
        fprintf(file, "<text class=\"m\" x=\"140\" y=\"%.6g\">0x%" PRIx64 "</text>"
                "<text class=\"m\" x=\"%d\" y=\"%.6g\">%s</text>\n", bar->y + 10, bar->root->paddr,
                BARS_X - 12, bar->y + 10, text_bytes(UINT64_C(1) << bar->root->size_bits).s);
    }
}

static void draw(const struct picture *picture, const char *title, const char *note,
                 const struct table_row *row)
{
    FILE *const file = picture->file;
    fprintf(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
            "viewBox=\"0 0 %d %.0f\">\n<title>", WIDTH, picture->height, WIDTH, picture->height);
    put_text(file, title, strlen(title));
    fputs("</title>\n<style>\n"
          "text{font:13px system-ui,'DejaVu Sans',sans-serif;fill:#1f2933}\n"
          ".t{font-size:22px;font-weight:600}.n{fill:#52606d}.s{font-size:12px;fill:#52606d}\n"
          ".v{font-size:17px;font-weight:600}.h{font-weight:600}\n"
          ".m{font:11px ui-monospace,'DejaVu Sans Mono',monospace;text-anchor:end;fill:#3e4c59}\n"
          ".l{stroke:#fff;stroke-width:.8;fill:none}\n", file);
    for (unsigned s = 0; s < SHADE_COUNT; s++) {
        fprintf(file, ".%c{fill:%s}", (char)('a' + s), shades[s].colour);
    }
    fprintf(file, "\n</style>\n<rect width=\"%d\" height=\"%.0f\" fill=\"#fff\"/>\n", WIDTH,
            picture->height);
    draw_head(picture, title, note, row);
    draw_legend(file);
    draw_labels(picture);
    draw_shades(picture);
    draw_lines(picture);
    draw_marks(picture);
    fputs("</svg>\n", file);
}

bool picture_svg(const char *path, const struct survey *survey, const char *title, const char *note,
                 const struct table_row *row)
{
    struct picture picture = {.survey = survey};
    bool good = lay_out(&picture);
    if (good) {
        picture.file = fopen(path, "w");
        if (picture.file) {
            draw(&picture, title, note, row);
            good = ferror(picture.file) == 0;
            good = fclose(picture.file) == 0 && good;
        }
        if (!picture.file || !good) {
            good = report("%s cannot be written: %s", path, strerror(errno));
        }
    }
    free(picture.bars);
    free(picture.cells);
    return good;
}
