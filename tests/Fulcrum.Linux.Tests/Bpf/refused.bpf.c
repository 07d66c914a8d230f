// What the verifier refuses, so that there is something to be told of.
#include "bpf.h"

SEC("xdp") int careless(struct xdp_md *context)
{
    u8 *data = (u8 *)(long)context->data;
    return data[13] == 1 ? XDP_DROP : XDP_PASS;
}

char terms[] SEC("license") = "Dual MIT/GPL";
