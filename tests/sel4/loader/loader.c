/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "loader.h"

#include <stddef.h>
#include <string.h>

// The ELF file format, 64-bit: what of its headers is needed here.
struct elf_header {
    unsigned char magic[4], class_and_more[12];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, program_headers, section_headers;
    uint32_t flags;
    uint16_t header_bytes, program_header_bytes, program_header_count;
};

struct elf_program_header {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, file_bytes, memory_bytes, alignment;
};

enum { ELF_LOAD = 1, ELF_64_BIT = 2, PAGE_BYTES = 4096 };

extern const char loader_kernel[], loader_root_task[]; // payload.S

struct extent {
    uint64_t vaddr, vaddr_end, paddr; // paddr as the file says; of the first address
};

static const struct elf_program_header *segment(const char *file, unsigned i)
{
    const struct elf_header *const elf = (const void *)file;
    const void *const header = file + elf->program_headers + (size_t)i * elf->program_header_bytes;
    const struct elf_program_header *const s = header;
    return s->type == ELF_LOAD && s->memory_bytes != 0 ? s : NULL;
}

static struct extent extent_of(const char *file)
{
    const struct elf_header *const elf = (const void *)file;
    struct extent extent = {.vaddr = ~UINT64_C(0)};
    if (memcmp(elf->magic, "\177ELF", 4) != 0 || elf->class_and_more[0] != ELF_64_BIT) {
        loader_stop("no 64-bit ELF file");
    }
    for (unsigned i = 0; i < elf->program_header_count; i++) {
        const struct elf_program_header *const s = segment(file, i);
        if (s && s->vaddr < extent.vaddr) {
            extent.vaddr = s->vaddr;
            extent.paddr = s->paddr;
        }
        if (s && s->vaddr + s->memory_bytes > extent.vaddr_end) {
            extent.vaddr_end = s->vaddr + s->memory_bytes;
        }
    }
    return extent;
}

// Copy all segments so that `extent.vaddr` lies at `paddr`.
static void place(const char *file, const struct extent *extent, uint64_t paddr)
{
    const struct elf_header *const elf = (const void *)file;
    for (unsigned i = 0; i < elf->program_header_count; i++) {
        const struct elf_program_header *const s = segment(file, i);
        if (s) {
            char *const to = (char *)(uintptr_t)(paddr + (s->vaddr - extent->vaddr));
            memcpy(to, file + s->offset, s->file_bytes);
            memset(to + s->file_bytes, 0, s->memory_bytes - s->file_bytes);
        }
    }
}

void loader_main(void)
{
    const uint64_t in_page = (UINT64_C(1) << WINDOW_PAGE_BITS) - 1;
    const struct extent kernel = extent_of(loader_kernel);
    struct extent image = extent_of(loader_root_task);
    image.vaddr &= ~(uint64_t)(PAGE_BYTES - 1);
    const uint64_t after_kernel =
        (kernel.paddr + (kernel.vaddr_end - kernel.vaddr) + PAGE_BYTES - 1) &
        ~(uint64_t)(PAGE_BYTES - 1);
    const uint64_t image_bytes =
        (image.vaddr_end - image.vaddr + PAGE_BYTES - 1) & ~(uint64_t)(PAGE_BYTES - 1);
    if ((kernel.vaddr & in_page) != (kernel.paddr & in_page)) {
        loader_stop("the kernel's addresses differ within a page of its window");
    }
    if (after_kernel + image_bytes > (uintptr_t)&loader_main) {
        loader_stop("the root task is too large");
    }
    place(loader_kernel, &kernel, kernel.paddr);
    place(loader_root_task, &image, after_kernel);
    const struct loader_boot boot = {
        .image_start = (uintptr_t)after_kernel,
        .image_end = (uintptr_t)(after_kernel + image_bytes),
        .physical_to_virtual = (uintptr_t)(after_kernel - image.vaddr),
        .image_entry =
            (uintptr_t)((const struct elf_header *)(const void *)loader_root_task)->entry,
    };
    loader_enter((uintptr_t)(kernel.vaddr & ~in_page), (uintptr_t)(kernel.paddr & ~in_page),
                 (uintptr_t)((const struct elf_header *)(const void *)loader_kernel)->entry, &boot);
}

void loader_stop(const char *why)
{
    for (const char *text = "loader: "; *text != '\0'; text++) {
        loader_put(*text);
    }
    for (; *why != '\0'; why++) {
        loader_put(*why);
    }
    loader_put('\n');
    for (;;) { // nobody to return to
    }
}
