// Takes tunnels off at a backend whose kernel has no device for them: the packet inside, if it is for a vip, goes on as if
// it had come in the frame itself. It answers the client by the route that the host has.
//
//   open.h      is it a tunnel, is its packet for a vip, may its source send it?
//   driver.h    taking it off in the driver (XDP)
//   kernel.h    the same at the hooks of traffic control, for interfaces whose driver runs no programs
//
// Built by bpf/build; what it makes is committed beside this.
#include "bpf.h"
#include "driver.h"
#include "kernel.h"

SEC("xdp") int in_driver(struct xdp_md *context)
{
    u32 reason = take_off_in_driver(context);
    count(reason);
    return reason >= DROPPED && reason < TAKEN ? XDP_DROP : XDP_PASS;
}

SEC("tc") int in_kernel(struct __sk_buff *packet)
{
    u32 reason = take_off_in_kernel(packet);
    count(reason);
    return reason >= DROPPED && reason < TAKEN ? TC_DROP : TC_NEXT;
}

char terms[] SEC("license") = "Dual MIT/GPL";
