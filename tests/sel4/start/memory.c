/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// <string.h>, as far as the library and its tests want it. Compiled so that the compiler does not
// make calls to these functions out of their own loops.

#include <stdint.h>
#include <string.h>

typedef uint64_t __attribute__((may_alias)) word_t;

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (((uintptr_t)t | (uintptr_t)f) % sizeof(word_t) == 0) {
        for (; bytes >= sizeof(word_t); bytes -= sizeof(word_t)) {
            *(word_t *)(void *)t = *(const word_t *)(const void *)f;
            t += sizeof(word_t);
            f += sizeof(word_t);
        }
    }
    while (bytes-- > 0) {
        *t++ = *f++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    unsigned char *const t = to;
    const unsigned char *const f = from;
    if ((uintptr_t)t - (uintptr_t)f >= bytes) {
        return memcpy(to, from, bytes);
    }
    while (bytes-- > 0) {
        t[bytes] = f[bytes];
    }
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    unsigned char *t = to;
    const word_t word = UINT64_C(0x0101010101010101) * (unsigned char)value;
    if ((uintptr_t)t % sizeof(word) == 0) {
        for (; bytes >= sizeof(word); bytes -= sizeof(word)) {
            *(word_t *)(void *)t = word;
            t += sizeof(word);
        }
    }
    while (bytes-- > 0) {
        *t++ = (unsigned char)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
    const unsigned char *x = a, *y = b;
    for (; bytes > 0; bytes--, x++, y++) {
        if (*x != *y) {
            return *x < *y ? -1 : 1;
        }
    }
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0') {
        length++;
    }
    return length;
}

int strcmp(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

char *strcpy(char *restrict to, const char *restrict from)
{
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
    strcpy(to + strlen(to), from);
    return to;
}

char *strstr(const char *text, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = text; strlen(at) >= length; at++) {
        if (memcmp(at, word, length) == 0) {
            return (char *)(uintptr_t)at;
        }
        if (*at == '\0') {
            break;
        }
    }
    return NULL;
}
