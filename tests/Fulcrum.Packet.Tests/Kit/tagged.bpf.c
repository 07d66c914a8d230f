// The program at the hook of traffic control with a frame whose outer tag the kernel has taken out, as it does with every
// frame before that hook. A test run makes no such frame; so the tag comes and goes beside it.
#define AT_TRAFFIC_CONTROL
#include "../../../bpf/balancer/balancer.h"

SEC("tcx/ingress") int tagged(struct __sk_buff *context)
{
    u32 tag = context->cb[0];
    if (tag && !push_tag(context, tag))
        return TC_OK;
    struct packet packet = {};
    u32 reason = balance(context, &packet);
    context->cb[0] = carried_tag(context);
    return reason < DROPPED ? TC_NEXT : reason < SENT ? TC_DROP : transmit(context, &packet);
}

char terms[] SEC("license") = "Dual MIT/GPL";
