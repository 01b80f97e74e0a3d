/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Interrupts and IO ports of a PC (src/arch/x86/object/{interrupt,ioport}.c,
 * src/plat/pc99/machine/ioapic.c), the fixed capabilities that x86 boots with, and what kind of
 * capability answers to which part of the model. */
#include "arch/x86/x86.h"

#include "boot.h"
#include "stop.h"

enum {
    IOAPIC_COUNT = 1,
    IOAPIC_PINS = 24,
    PCI_BUS_MAX = 255,
    PCI_DEVICE_MAX = 31,
    PCI_FUNCTION_MAX = 7,
};

/* With an IOAPIC, IRQControl_Get hands out nothing. */
seL4_Error arch_check_irq(struct invocation *call, seL4_Word irq)
{
    (void)call;
    (void)irq;
    return seL4_IllegalOperation;
}

static seL4_Error check_limit(struct invocation *call, seL4_Word value, seL4_Word max)
{
    return value > max ? model_fail_range(call, 0, max) : seL4_NoError;
}

/* The first of up to four values that is too large. */
static seL4_Error check_limits(struct invocation *call, const seL4_Word *values,
                               const seL4_Word *limits, unsigned count)
{
    seL4_Error error = seL4_NoError;
    for (unsigned i = 0; i < count && error == seL4_NoError; i++) {
        error = check_limit(call, values[i], limits[i]);
    }
    return error;
}

seL4_Error arch_decode_irq_control(struct invocation *call)
{
    static const seL4_Word ioapic_limits[] = {IOAPIC_COUNT - 1, IOAPIC_PINS - 1, 1, 1};
    static const seL4_Word msi_limits[] = {PCI_BUS_MAX, PCI_DEVICE_MAX, PCI_FUNCTION_MAX};
    struct slot *dest = NULL;
    const bool is_ioapic = call->kind == SEL4MODEL_IRQControl_GetIOAPIC;
    if (!is_ioapic && call->kind != SEL4MODEL_IRQControl_GetMSI) {
        return seL4_IllegalOperation;
    }
    if (call->length < 7 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    seL4_Error error = check_limit(call, call->mr[6], X86_IRQ_USER_MAX - X86_IRQ_USER_MIN);
    if (error != seL4_NoError) {
        return error;
    }
    const seL4_Word irq = call->mr[6] + X86_IRQ_USER_MIN;
    if (model.arch.irq_is_active[irq]) {
        return seL4_RevokeFirst;
    }
    error = model_irq_find_slot(call, call->mr[0], call->mr[1], &dest);
    if (error == seL4_NoError) {
        error = is_ioapic ? check_limits(call, &call->mr[2], ioapic_limits, 4)
                          : check_limits(call, &call->mr[2], msi_limits, 3);
    }
    if (error == seL4_NoError) {
        model_irq_install(call, irq, dest);
    }
    return error;
}

/* At most 65536 rounds, as many as ports. */
void x86_io_ports_set(unsigned first, unsigned last, bool used)
{
    for (unsigned port = first; port <= last; port++) {
        const uint64_t bit = (uint64_t)1 << (port % 64);
        uint64_t *const word = &model.arch.io_ports_used[port / 64];
        *word = used ? *word | bit : *word & ~bit;
    }
}

static bool io_ports_are_free(unsigned first, unsigned last)
{
    for (unsigned port = first; port <= last; port++) {
        if ((model.arch.io_ports_used[port / 64] >> (port % 64) & 1u) != 0) {
            return false;
        }
    }
    return true;
}

seL4_Error x86_decode_io_port_control(struct invocation *call)
{
    struct slot *dest = NULL;
    if (call->kind != SEL4MODEL_X86_IOPortControl_Issue) {
        return seL4_IllegalOperation;
    }
    if (call->length < 4 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    const unsigned first = (unsigned)(call->mr[0] & 0xffffu);
    const unsigned last = (unsigned)(call->mr[1] & 0xffffu);
    if (last < first) {
        return model_fail_argument(call, 1);
    }
    if (!io_ports_are_free(first, last)) {
        return seL4_RevokeFirst;
    }
    const seL4_Error error = model_irq_find_slot(call, call->mr[2], call->mr[3], &dest);
    if (error != seL4_NoError) {
        return error;
    }
    struct cap cap = {.kind = CAP_IO_PORT, .data = last};
    cap.u.address = first;
    x86_io_ports_set(first, last, true);
    model_insert_derived(&cap, call->slot, dest);
    return seL4_NoError;
}

/* Bytes that a port operation moves; 0: it is none. */
static unsigned io_port_width(enum sel4model_invocation kind)
{
    switch (kind) {
    case SEL4MODEL_X86_IOPort_In8:
    case SEL4MODEL_X86_IOPort_Out8:
        return 1;
    case SEL4MODEL_X86_IOPort_In16:
    case SEL4MODEL_X86_IOPort_Out16:
        return 2;
    case SEL4MODEL_X86_IOPort_In32:
    case SEL4MODEL_X86_IOPort_Out32:
        return 4;
    default:
        return 0;
    }
}

seL4_Error x86_decode_io_port(struct invocation *call)
{
    const struct cap *const cap = &call->slot->cap;
    const unsigned width = io_port_width(call->kind);
    const uint64_t port = call->mr[0] & 0xffffu;
    if (width == 0 || port < cap->u.address || port + width - 1 > cap->data) {
        return seL4_IllegalOperation;
    }
    model_unsupported(model_call_name(call));
}

void arch_post_delete(const struct cap *cap)
{
    x86_io_ports_set((unsigned)cap->u.address, (unsigned)cap->data, false);
}

seL4_Error x86_decode(struct invocation *call)
{
    switch ((enum cap_kind)call->slot->cap.kind) {
    case CAP_FRAME:
        return x86_decode_frame(call);
    case CAP_PAGE_TABLE:
        return x86_decode_table(call);
    case CAP_ASID_CONTROL:
        return model_decode_asid_control(call);
    case CAP_ASID_POOL:
        return model_decode_asid_pool(call);
    case CAP_IO_PORT_CONTROL:
        return x86_decode_io_port_control(call);
    case CAP_IO_PORT:
        return x86_decode_io_port(call);
    default:
        return seL4_IllegalOperation;
    }
}

static void boot_cap(struct boot *boot, seL4_Word slot, enum cap_kind kind)
{
    const struct cap cap = {.kind = (uint8_t)kind};
    model_insert_root(&boot->slots[slot], &cap);
}

void arch_boot_caps(struct boot *boot)
{
    model_boot_asid_pool(boot);
    boot_cap(boot, seL4_CapIOPortControl, CAP_IO_PORT_CONTROL);
    boot_cap(boot, seL4_CapIRQControl, CAP_IRQ_CONTROL);

    model.arch.irq_slots = model_cnode_new(0, MODEL_IRQ_RADIX_BITS)->slots;
    model.arch.irq_is_active[X86_IRQ_TIMER] = true;
}

/* All ones where there is no IOMMU. */
seL4_Word arch_boot_io_levels(void)
{
    return ~(seL4_Word)0;
}
