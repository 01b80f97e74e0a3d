/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Calls outside the model: each ends the program with its name.
#include "model_test.h"

static const seL4_MessageInfo_t message = {{0}};
static seL4_Word words[4];

// Message words that travel in registers.
#if !defined(CONFIG_ARCH_IA32)
#define MRS &words[0], &words[1], &words[2], &words[3]
#elif !defined(CONFIG_KERNEL_MCS)
#define MRS &words[0], &words[1]
#else
#define MRS &words[0]
#endif

// A function that makes the call, and its name.
#define CALLS_OF_ALL(X)                                                                            \
    X(seL4_Send, (ROOT, message))                                                                  \
    X(seL4_NBSend, (ROOT, message))                                                                \
    X(seL4_Call, (ROOT, message))                                                                  \
    X(seL4_Yield, ())                                                                              \
    X(seL4_Signal, (ROOT))                                                                         \
    X(seL4_Poll, (ROOT, words))                                                                    \
    X(seL4_SendWithMRs, (ROOT, message, MRS))                                                      \
    X(seL4_NBSendWithMRs, (ROOT, message, MRS))                                                    \
    X(seL4_CallWithMRs, (ROOT, message, MRS))                                                      \
    X(seL4_DomainSet_ScheduleConfigure, (seL4_CapDomain, 0, 0, 1))                                 \
    X(seL4_DomainSet_ScheduleSetStart, (seL4_CapDomain, 0))

#ifdef CONFIG_KERNEL_MCS
#ifdef CONFIG_ARCH_X86 // the reply comes last; elsewhere, in this one call, before the words
#define RECV_ARGUMENTS (ROOT, words, MRS, ROOT)
#else
#define RECV_ARGUMENTS (ROOT, words, ROOT, MRS)
#endif
#define CALLS_OF_SCHEDULING(X)                                                                     \
    X(seL4_Recv, (ROOT, words, ROOT))                                                              \
    X(seL4_NBRecv, (ROOT, words, ROOT))                                                            \
    X(seL4_ReplyRecv, (ROOT, message, words, ROOT))                                                \
    X(seL4_NBSendRecv, (ROOT, message, ROOT, words, ROOT))                                         \
    X(seL4_NBSendWait, (ROOT, message, ROOT, words))                                               \
    X(seL4_Wait, (ROOT, words))                                                                    \
    X(seL4_NBWait, (ROOT, words))                                                                  \
    X(seL4_WaitWithMRs, (ROOT, words, MRS))                                                        \
    X(seL4_RecvWithMRs, RECV_ARGUMENTS)                                                            \
    X(seL4_ReplyRecvWithMRs, (ROOT, message, words, MRS, ROOT))                                    \
    X(seL4_NBSendRecvWithMRs, (ROOT, message, ROOT, words, MRS, ROOT))                             \
    X(seL4_NBSendWaitWithMRs, (ROOT, message, ROOT, words, MRS))
#else
#define CALLS_OF_SCHEDULING(X)                                                                     \
    X(seL4_Recv, (ROOT, words))                                                                    \
    X(seL4_NBRecv, (ROOT, words))                                                                  \
    X(seL4_Reply, (message))                                                                       \
    X(seL4_ReplyRecv, (ROOT, message, words))                                                      \
    X(seL4_Wait, (ROOT, words))                                                                    \
    X(seL4_ReplyWithMRs, (message, MRS))                                                           \
    X(seL4_RecvWithMRs, (ROOT, words, MRS))                                                        \
    X(seL4_ReplyRecvWithMRs, (ROOT, message, words, MRS))
#endif

#define CALLS(X) CALLS_OF_ALL(X) CALLS_OF_SCHEDULING(X)

#define DEFINE(name, arguments)                                                                    \
    static void call_##name(void)                                                                  \
    {                                                                                              \
        (void)name arguments;                                                                      \
    }
CALLS(DEFINE)

static void each_names_itself(void **state)
{
    (void)state;
#define EXPECT(name, arguments)                                                                    \
    expect_stop(call_##name, "sel4model: " #name " is outside the model");
    CALLS(EXPECT)
}

// An invocation of an endpoint is a message, whatever it is called.
static void invoke_an_endpoint(void)
{
    (void)seL4_CNode_Delete(first_slot, 0, DEPTH);
}

static void send_by_an_invocation(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, first_slot));
    expect_stop(invoke_an_endpoint, "seL4_CNode_Delete on an endpoint capability (CPtr 0x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(each_names_itself),
        model_test(send_by_an_invocation),
    };
    return cmocka_run_group_tests_name("model: outside", tests, NULL, NULL);
}
