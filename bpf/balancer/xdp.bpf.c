// The balancer in the driver. It sees each frame before the kernel has made anything of it.
#include "balancer.h"

SEC("xdp") int balancer(struct xdp_md *context)
{
    struct packet packet = {};
    u32 reason = balance(context, &packet);
    return reason < DROPPED ? XDP_PASS : reason < SENT ? XDP_DROP : transmit(context, &packet);
}

char terms[] SEC("license") = "Dual MIT/GPL";
