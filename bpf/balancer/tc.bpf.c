// The same behind the driver, for interfaces whose frames are no frames yet: those of containers, whose segments are
// many in one, and others whose driver knows no XDP. Programs behind this one see what is the kernel's, too.
#define AT_TRAFFIC_CONTROL
#include "balancer.h"

SEC("tcx/ingress") int balancer_tc(struct __sk_buff *context)
{
    struct packet packet = {};
    u32 reason = balance(context, &packet);
    return reason < DROPPED ? TC_NEXT : reason < SENT ? TC_DROP : transmit(context, &packet);
}

char terms[] SEC("license") = "Dual MIT/GPL";
