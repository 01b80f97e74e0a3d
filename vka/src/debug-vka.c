/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

// The vka that watches another one. `data` is the tracee itself: no state of its own, so each check
// looks at one call alone. Every function here is the same three steps: check what came in, hand
// the call on, print it and check what came out.

#include <vka/debug-vka.h>
#include <vka/kobject_t.h>

#ifdef CONFIG_PRINTING
static void print_character(char character)
{
    seL4_DebugPutChar(character);
}
#else
static void print_character(char character)
{
    (void)character;
}
#endif

static void print_text(const char *text)
{
    // Bound: the length of a text in this file.
    for (; *text != '\0'; text++) {
        print_character(*text);
    }
}

// ' ' and the value in hex, without leading zeros.
static void print_number(seL4_Word value)
{
    print_character(' ');
    const unsigned word_bits = (unsigned)(sizeof(value) * 8);
    bool started = false;
    // Bound: the hex digits of a word.
    for (unsigned shift = word_bits; shift > 0; shift -= 4) {
        const unsigned digit = (unsigned)(value >> (shift - 4)) & 0xF;
        started = started || digit != 0 || shift == 4;
        if (started) {
            print_character("0123456789abcdef"[digit]);
        }
    }
}

// One line for one call; `outcome` is what it returned or filled in.
static void print_call(const char *function, seL4_Word first, seL4_Word second, seL4_Word outcome)
{
    print_text(function);
    print_number(first);
    print_number(second);
    print_text(" ->");
    print_number(outcome);
    print_character('\n');
}

// Ends the program, with a line that says why, unless `holds`.
static void require(bool holds, const char *function, const char *misuse)
{
    if (holds) {
        return;
    }
    print_text(function);
    print_text(": ");
    print_text(misuse);
    print_character('\n');
    __builtin_trap();
}

static void require_known_type(seL4_Word type, const char *function)
{
    require(type < seL4_ObjectTypeCount, function, "no such object type");
}

static void require_destination(const cspacepath_t *dest, const seL4_Word *res, seL4_Word type,
                                const char *function)
{
    require(dest != NULL && dest->capPtr != 0, function, "no destination");
    require(res != NULL, function, "no place for the cookie");
    require_known_type(type, function);
}

static int debug_cspace_alloc(void *data, seL4_CPtr *res)
{
    require(res != NULL, __func__, "no place for the slot");
    const int error = vka_cspace_alloc((vka_t *)data, res);
    print_call(__func__, 0, error == 0 ? *res : 0, (seL4_Word)error);
    require(error != 0 || *res != 0, __func__, "the tracee handed out slot 0");
    return error;
}

static void debug_cspace_make_path(void *data, seL4_CPtr slot, cspacepath_t *res)
{
    require(slot != 0, __func__, "slot 0");
    require(res != NULL, __func__, "no place for the path");
    vka_cspace_make_path((vka_t *)data, slot, res);
    print_call(__func__, slot, res->root, res->capPtr);
    require(res->capPtr == slot, __func__, "the tracee's path is to another slot");
}

static void debug_cspace_free(void *data, seL4_CPtr slot)
{
    print_call(__func__, slot, 0, 0);
    require(slot != 0, __func__, "slot 0");
    vka_cspace_free((vka_t *)data, slot);
}

static int debug_utspace_alloc(void *data, const cspacepath_t *dest, seL4_Word type,
                               seL4_Word size_bits, seL4_Word *res)
{
    require_destination(dest, res, type, __func__);
    const int error = vka_utspace_alloc((vka_t *)data, dest, type, size_bits, res);
    print_call(__func__, type, size_bits, (seL4_Word)error);
    return error;
}

static int debug_utspace_alloc_maybe_device(void *data, const cspacepath_t *dest, seL4_Word type,
                                            seL4_Word size_bits, bool can_use_dev, seL4_Word *res)
{
    require_destination(dest, res, type, __func__);
    const int error =
        vka_utspace_alloc_maybe_device((vka_t *)data, dest, type, size_bits, can_use_dev, res);
    print_call(__func__, type, size_bits, (seL4_Word)error);
    return error;
}

static int debug_utspace_alloc_at(void *data, const cspacepath_t *dest, seL4_Word type,
                                  seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie)
{
    require_destination(dest, cookie, type, __func__);
    const int error = vka_utspace_alloc_at((vka_t *)data, dest, type, size_bits, paddr, cookie);
    print_call(__func__, type, paddr, (seL4_Word)error);
    return error;
}

static void debug_utspace_free(void *data, seL4_Word type, seL4_Word size_bits, seL4_Word target)
{
    print_call(__func__, type, size_bits, target);
    require_known_type(type, __func__);
    vka_utspace_free((vka_t *)data, type, size_bits, target);
}

static uintptr_t debug_utspace_paddr(void *data, seL4_Word target, seL4_Word type,
                                     seL4_Word size_bits)
{
    require_known_type(type, __func__);
    const uintptr_t paddr = vka_utspace_paddr((vka_t *)data, target, type, size_bits);
    print_call(__func__, type, target, paddr);
    return paddr;
}

int vka_init_debugvka(vka_t *vka, vka_t *tracee)
{
    if (vka == NULL || tracee == NULL || vka == tracee) {
        return -1;
    }
    vka->data = tracee;
    vka->cspace_alloc = debug_cspace_alloc;
    vka->cspace_make_path = debug_cspace_make_path;
    vka->utspace_alloc = debug_utspace_alloc;
    vka->utspace_alloc_maybe_device = debug_utspace_alloc_maybe_device;
    vka->utspace_alloc_at = debug_utspace_alloc_at;
    vka->cspace_free = debug_cspace_free;
    vka->utspace_free = debug_utspace_free;
    vka->utspace_paddr = debug_utspace_paddr;
    return 0;
}
