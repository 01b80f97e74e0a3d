/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// printf() and its like, to the kernel's debug console. Conversions: c s d i u x p and %; flags # 0
// and -, a width, a precision for s, lengths hh to ll, z, j and t. No floating point.

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <sel4/sel4.h>

// Where characters go: to `text` as far as there is room, or to the console if it is NULL.
struct sink {
    char *text;
    size_t room;
    size_t count; // characters so far, those without room included
};

int putchar(int character)
{
    seL4_DebugPutChar((char)character);
    return character;
}

static void put(struct sink *sink, char character)
{
    if (sink->text == NULL) {
        (void)putchar(character);
    } else if (sink->count < sink->room) {
        sink->text[sink->count] = character;
    }
    sink->count++;
}

struct conversion {
    bool alternative, zeros, left;
    size_t width, precision;
    char length; // 'l' for a word and more, 'i' for less
};

static void put_padded(struct sink *sink, const struct conversion *how, const char *prefix,
                       const char *text, size_t bytes)
{
    const size_t all = strlen(prefix) + bytes;
    const size_t padding = how->width > all ? how->width - all : 0;
    for (size_t i = 0; i < padding && !how->left && !how->zeros; i++) {
        put(sink, ' ');
    }
    for (; *prefix != '\0'; prefix++) {
        put(sink, *prefix);
    }
    for (size_t i = 0; i < padding && !how->left && how->zeros; i++) {
        put(sink, '0');
    }
    for (size_t i = 0; i < bytes; i++) {
        put(sink, text[i]);
    }
    for (size_t i = 0; i < padding && how->left; i++) {
        put(sink, ' ');
    }
}

static void put_number(struct sink *sink, const struct conversion *how, uint64_t number,
                       unsigned base, bool negative)
{
    char digits[20];
    size_t first = sizeof(digits);
    const bool prefixed = how->alternative && number != 0;
    do { // at most 20 digits
        digits[--first] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    put_padded(sink, how,
               negative   ? "-"
               : prefixed ? "0x"
                          : "",
               digits + first, sizeof(digits) - first);
}

// What stands between % and the letter.
static const char *parse(const char *at, struct conversion *how)
{
    *how = (struct conversion){.precision = SIZE_MAX, .length = 'i'};
    for (; *at == '#' || *at == '0' || *at == '-'; at++) {
        how->alternative = how->alternative || *at == '#';
        how->zeros = how->zeros || *at == '0';
        how->left = how->left || *at == '-';
    }
    for (; *at >= '0' && *at <= '9'; at++) {
        how->width = 10 * how->width + (size_t)(*at - '0');
    }
    if (*at == '.') {
        how->precision = 0;
        for (at++; *at >= '0' && *at <= '9'; at++) {
            how->precision = 10 * how->precision + (size_t)(*at - '0');
        }
    }
    for (; *at != '\0' && strstr("h l z j t", (char[]){*at, '\0'}) != NULL && *at != ' '; at++) {
        how->length = *at == 'h' ? 'i' : 'l';
    }
    return at;
}

static void format(struct sink *sink, const char *at, va_list list)
{
    for (; *at != '\0'; at++) {
        if (*at != '%') {
            put(sink, *at);
            continue;
        }
        struct conversion how;
        at = parse(at + 1, &how);
        if (*at == 's') {
            const char *const text = va_arg(list, const char *);
            const size_t length = strlen(text);
            put_padded(sink, &how, "", text, length < how.precision ? length : how.precision);
        } else if (*at == 'c') {
            const char character = (char)va_arg(list, int);
            put_padded(sink, &how, "", &character, 1);
        } else if (*at == 'd' || *at == 'i') {
            const int64_t number = how.length == 'l' ? va_arg(list, long) : va_arg(list, int);
            const uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;
            put_number(sink, &how, size, 10, number < 0);
        } else if (*at == 'u' || *at == 'x') {
            const uint64_t number =
                how.length == 'l' ? va_arg(list, unsigned long) : va_arg(list, unsigned);
            put_number(sink, &how, number, *at == 'u' ? 10 : 16, false);
        } else if (*at == 'p') {
            how.alternative = true;
            put_number(sink, &how, (uintptr_t)va_arg(list, void *), 16, false);
        } else if (*at == '\0') {
            return;
        } else {
            put(sink, *at);
        }
    }
}

int vprintf(const char *text, va_list list)
{
    struct sink console = {.text = NULL};
    format(&console, text, list);
    return (int)console.count;
}

int printf(const char *text, ...)
{
    va_list list;
    va_start(list, text);
    const int count = vprintf(text, list);
    va_end(list);
    return count;
}

int fprintf(FILE *stream, const char *text, ...)
{
    (void)stream;
    va_list list;
    va_start(list, text);
    const int count = vprintf(text, list);
    va_end(list);
    return count;
}

int vsnprintf(char *to, size_t bytes, const char *text, va_list list)
{
    struct sink sink = {.text = to, .room = bytes ? bytes - 1 : 0};
    format(&sink, text, list);
    if (bytes != 0) {
        to[sink.count < sink.room ? sink.count : sink.room] = '\0';
    }
    return (int)sink.count;
}

int snprintf(char *to, size_t bytes, const char *text, ...)
{
    va_list list;
    va_start(list, text);
    const int count = vsnprintf(to, bytes, text, list);
    va_end(list);
    return count;
}
