// Gives a program the same packet again and again. The kernel's test run repeats a program on what it left of the packet, so
// that the second time it would see something else. Built by bpf/build.
#include "bpf.h"

enum { WORDS = 12 };

struct frame {
    u64 words[WORDS];
};

struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, struct frame);
} frames SEC(".maps");

struct {
    NUMBER(type, MAP_PROGRAM_ARRAY);
    NUMBER(max_entries, 1);
    NUMBER(key_size, 4);
    NUMBER(value_size, 4);
} measured SEC(".maps");

SEC("xdp/restoring") int restoring(struct xdp_md *context)
{
    u32 zero = 0;
    struct frame *frame = map_lookup(&frames, &zero);
    int grown = (int)(context->data_end - context->data) - (int)sizeof *frame;
    // Even by nothing, so that it costs all programs the same.
    if (!frame || xdp_adjust_head(context, grown))
        return XDP_ABORTED;
    u64 *data = (u64 *)(long)context->data;
    if ((u8 *)(data + WORDS) > (u8 *)(long)context->data_end)
        return XDP_ABORTED;
#pragma unroll
    for (int i = 0; i < WORDS; i++)
        data[i] = frame->words[i];
    tail_call(context, &measured, 0);
    return XDP_ABORTED;
}

// What everything is compared with.
SEC("xdp/nothing") int nothing(struct xdp_md *context) { return XDP_PASS; }

char terms[] SEC("license") = "Dual MIT/GPL";
