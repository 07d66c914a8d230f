// Both ends of a way through the kernel: what sends frames into it, and what counts those that come out. The kernel makes
// the frames and takes them back from whoever had them last, with what is written in them by then; so each is written
// anew. Built by bpf/build.
#include "bpf.h"

enum { WORDS = 12, FLOWS = 1 << 14 };
enum { TYPE = 12, CHECKSUM = 24, SOURCE = 28, DESTINATION = 30, HEADERS = 34 };
enum { IPV4_ON_WIRE = 0x0008 };

enum { OUT = 11 }; // the interface of each way where frames go out

#define HARDWARE 0xffffffffffffull // the first six bytes

struct course {
    u64 frame[WORDS]; // of flow 0
    u64 sent;
    u64 arrived;
    u64 hardware; // that it has when it comes out
    u32 destination;
    u32 interface; // the way's beginning
};

// All is done by one thread on one processor.
struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, struct course);
} courses SEC(".maps");

SEC("xdp/sending") int sending(struct xdp_md *context)
{
    u32 zero = 0;
    struct course *course = map_lookup(&courses, &zero);
    u8 *data = (u8 *)(long)context->data;
    if (!course || data + WORDS * sizeof(u64) > (u8 *)(long)context->data_end)
        return XDP_ABORTED;
#pragma unroll
    for (int i = 0; i < WORDS; i++)
        ((u64 *)data)[i] = course->frame[i];
    // Clients differ in the lower half of their address, which is 0 in the frame that is copied.
    u16 flow = course->sent++ % FLOWS;
    u32 sum = (u16) ~*(u16 *)(data + CHECKSUM) + flow;
    *(u16 *)(data + SOURCE) = flow;
    *(u16 *)(data + CHECKSUM) = ~((sum & 0xffff) + (sum >> 16));
    return redirect(course->interface, 0);
}

// The least that a way can cost: nothing is looked at, and nothing looked up.
SEC("xdp/passing") int passing(struct xdp_md *context)
{
    u32 zero = 0;
    struct course *course = map_lookup(&courses, &zero);
    u8 *data = (u8 *)(long)context->data;
    if (!course || data + HEADERS > (u8 *)(long)context->data_end)
        return XDP_ABORTED;
    *(u32 *)data = course->hardware;
    *(u16 *)(data + 4) = course->hardware >> 32;
    return redirect(OUT, 0);
}

// Only what came out as it should: another may have had a frame to send, or the frame not been changed.
SEC("xdp/arriving") int arriving(struct xdp_md *context)
{
    u32 zero = 0;
    struct course *course = map_lookup(&courses, &zero);
    u8 *data = (u8 *)(long)context->data;
    if (!course || data + HEADERS > (u8 *)(long)context->data_end)
        return XDP_DROP;
    if (*(u16 *)(data + TYPE) == IPV4_ON_WIRE && *(u32 *)(data + DESTINATION) == course->destination &&
        (*(u64 *)data & HARDWARE) == course->hardware)
        course->arrived++;
    return XDP_DROP;
}

char terms[] SEC("license") = "Dual MIT/GPL";
