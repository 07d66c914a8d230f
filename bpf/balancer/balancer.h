// The balancer in the kernel. It sends frames that are for a vip on to a backend, out of the same interface or another.
// Everything else the kernel gets as it came. It runs at one of two hooks, with the same tables.
//
//   hook.h      what differs between the hooks: xdp.h is the driver's, tc.h that of traffic control
//   parse.h     frame, tags, IP, ports; of an ICMP error those of the packet that it is about
//   find.h      is it for a vip, and may its source have it?
//   choose.h    the backend: the one that the flow has, else one by the ring
//   recent.h    flows that had a packet just now
//   direct.h tunnel.h nat.h    the ways to it; answers that come back through here
//   tell.h      errors for the client
//   count.h     one number for each way out
//   tap.h       a look at packets, for who asks
//
// tables.h is what user space sees, options.h what it chose. Built by bpf/build; what it makes is committed beside this.
#pragma once
#include "parse.h"
#include "choose.h"
#include "direct.h"
#include "tunnel.h"
#include "nat.h"
#include "tell.h"
#include "watch.h"
#include "length.h"
#include "tap.h"

INLINE u32 send_to(hook *context, struct packet *packet, const struct vip *vip, struct choice *choice, struct backend *backend)
{
    if (!backend)
        return DROPPED_NO_BACKEND;
    if (!(backend->hardware[0] | backend->hardware[1] | backend->hardware[2]))
        return DROPPED_UNRESOLVED;
    u32 overhead = has_tunnels ? overhead_of(backend) : 0;
    if (backend->mtu && !fits(context, packet, overhead, backend->mtu))
        return tell(context, packet, TELLS_TOO_BIG, backend->mtu - overhead);
    packet->egress = backend->interface;
    u8 forwarding = backend->forwarding;
    if (has_nat && is_translated(backend))
        return send_nat(context, packet, backend, choice, vip->number);
    if (has_connections && !choice->is_known && !(vip->flags & VIP_FORGETS) && is_noted(packet, choice))
        remember(packet, choice, backend->generation);
    if (forwarding == FORWARD_DIRECT)
        return send_direct(context, packet, backend);
    if (has_tunnels && (forwarding == FORWARD_IPIP || forwarding == FORWARD_GUE))
        return send_tunnel(context, packet, backend);
    return DROPPED_UNKNOWN;
}

INLINE u32 forward(hook *context, struct packet *packet)
{
    struct vip vip = {};
    if (!find_vip(packet, &vip))
        return has_nat ? send_answer(context, packet) : packet->is_error ? PASSED_UNRELATED : PASSED_NOT_VIP;
    u32 reason = check_length(context, packet);
    if (reason != READ)
        return reason;
    if (!is_admitted(packet, &vip))
        return DROPPED_DENIED;
    if (packet->ttl <= 1)
        return tell(context, packet, TELLS_EXPIRED, 0);
    struct choice choice = {};
    struct backend *backend = 0;
    reason = choose(packet, &vip, &choice, &backend);
    if (reason != READ)
        return reason;
    reason = send_to(context, packet, &vip, &choice, backend);
    if (reason == SENT_DIRECT || reason == SENT_TUNNEL || reason == SENT_NAT) {
        int is_new = opens(packet) || (!choice.is_known && packet->flow.protocol == PROTOCOL_UDP && !packet->is_error);
        count_traffic(&vip_traffic, &vip.number, packet, is_new);
        count_traffic(&backend_traffic, &choice.backend, packet, is_new);
        if (packet->is_error)
            count(SAW_ERROR);
    }
    return reason;
}

INLINE u32 balance(hook *context, struct packet *packet)
{
    u32 reason = read_packet(context, packet);
    if (has_tap)
        tap_before(context, packet);
    if (reason == READ)
        reason = attended_for && is_unattended() ? PASSED_UNATTENDED : forward(context, packet);
    count(reason);
    if (has_tap && packet->is_tapped)
        tap_after(context, packet, reason);
    return reason;
}
