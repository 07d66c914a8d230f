// Reading a packet, up to its ports. Before it is known that a packet is for a vip, nothing of it is judged: what cannot
// be read is the kernel's.
#pragma once
#include "find.h"
#include "hook.h"

INLINE u32 by_policy(struct packet *packet, u8 passes, u32 passed, u32 dropped)
{
    return !is_vip_address(packet) ? PASSED_NOT_VIP : passes ? passed : dropped;
}

INLINE int is_error_type(u8 type, u8 is_ipv6)
{
    return is_ipv6 ? type >= ICMPV6_UNREACHABLE && type <= ICMPV6_PARAMETER
                   : type == ICMP_UNREACHABLE || type == ICMP_EXPIRED || type == ICMP_PARAMETER;
}

// An error quotes the packet that it is about, and that went in the other direction: its source is what the flow leads to.
// It came to the source of that packet, or it is not about it.
INLINE u32 read_quoted(struct view view, struct packet *packet, u8 *quoted)
{
    struct udp *ports;
    struct flow *flow = &packet->flow;
    u32 destination[4] ALIGNED;
    u8 protocol;
    copy_address(destination, flow->destination);
    if (packet->is_ipv6) {
        struct ipv6 *ip = (struct ipv6 *)quoted;
        ports = (struct udp *)(ip + 1);
        if ((u8 *)(ports + 1) > view.end)
            return PASSED_CUT;
        protocol = ip->next;
        copy_address(flow->source, ip->destination);
        copy_address(flow->destination, ip->source);
    } else {
        struct ipv4 *ip = (struct ipv4 *)quoted;
        ports = (struct udp *)(ip + 1);
        if ((u8 *)(ports + 1) > view.end)
            return PASSED_CUT;
        if (ip->version_and_words != IPV4_PLAIN || (ip->fragment & WIRE16(0x1fff)))
            return PASSED_UNRELATED;
        protocol = ip->protocol;
        map_ipv4(flow->source, ip->destination);
        map_ipv4(flow->destination, ip->source);
    }
    if ((protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP) ||
        !is_same_address(destination, flow->destination))
        return PASSED_UNRELATED;
    describe_ports(flow, ports->destination, ports->source, protocol);
    packet->is_error = 1;
    return READ;
}

INLINE u32 read_transport(struct view view, struct packet *packet, u8 protocol, u8 *transport)
{
    if (protocol == PROTOCOL_TCP) {
        struct tcp *tcp = (struct tcp *)transport;
        if ((u8 *)(tcp + 1) > view.end)
            return PASSED_CUT;
        describe_ports(&packet->flow, tcp->source, tcp->destination, protocol);
        packet->flags = tcp->flags;
        return READ;
    }
    if (protocol == PROTOCOL_UDP) {
        struct udp *udp = (struct udp *)transport;
        if ((u8 *)(udp + 1) > view.end)
            return PASSED_CUT;
        describe_ports(&packet->flow, udp->source, udp->destination, protocol);
        return READ;
    }
    if (protocol == (packet->is_ipv6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP)) {
        struct icmp *icmp = (struct icmp *)transport;
        if ((u8 *)(icmp + 1) > view.end)
            return PASSED_CUT;
        if (is_error_type(icmp->type, packet->is_ipv6))
            return read_quoted(view, packet, (u8 *)(icmp + 1));
        return icmp->type == (packet->is_ipv6 ? ICMPV6_ECHO : ICMP_ECHO) ? PASSED_ECHO : PASSED_ICMP;
    }
    return PASSED_PROTOCOL;
}

INLINE u32 read_ipv4(struct view view, struct packet *packet)
{
    struct ipv4 *ip = (struct ipv4 *)network_of(view, packet);
    if ((u8 *)(ip + 1) > view.end)
        return PASSED_CUT;
    if (ip->version_and_words >> 4 != 4 || (ip->version_and_words & 15) < 5)
        return PASSED_MALFORMED;
    map_ipv4(packet->flow.source, ip->source);
    map_ipv4(packet->flow.destination, ip->destination);
    packet->length = SWAP16(ip->length);
    packet->ttl = ip->ttl;
    if (ip->version_and_words != IPV4_PLAIN)
        return by_policy(packet, passes_options, PASSED_OPTIONS, DROPPED_OPTIONS);
    if (ip->fragment & IPV4_FRAGMENT)
        return by_policy(packet, passes_fragments, PASSED_FRAGMENT, DROPPED_FRAGMENT);
    return read_transport(view, packet, ip->protocol, (u8 *)(ip + 1));
}

INLINE u32 read_ipv6(struct view view, struct packet *packet)
{
    struct ipv6 *ip = (struct ipv6 *)network_of(view, packet);
    if ((u8 *)(ip + 1) > view.end)
        return PASSED_CUT;
    if ((ip->version_class_label & 0xf0) != 0x60)
        return PASSED_MALFORMED;
    packet->is_ipv6 = 1;
    copy_address(packet->flow.source, ip->source);
    copy_address(packet->flow.destination, ip->destination);
    packet->length = SWAP16(ip->length) + sizeof *ip;
    packet->ttl = ip->hops;
    switch (ip->next) {
    case PROTOCOL_FRAGMENT:
        return by_policy(packet, passes_fragments, PASSED_FRAGMENT, DROPPED_FRAGMENT);
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_AUTHENTICATION:
    case PROTOCOL_DESTINATION:
        return by_policy(packet, passes_options, PASSED_OPTIONS, DROPPED_OPTIONS);
    default:
        return read_transport(view, packet, ip->next, (u8 *)(ip + 1));
    }
}

INLINE int is_for_us(const struct packet *packet, const struct ethernet *ethernet)
{
    u32 place = packet->ingress % INTERFACES;
    struct interface *interface = map_lookup(&interfaces, &place);
    return !interface || interface->index != packet->ingress || is_same_hardware(interface->hardware, ethernet->destination);
}

INLINE u32 read_packet(hook *context, struct packet *packet)
{
    packet->ingress = ingress_of(context);
    packet->tags.outer = carried_tag(context);
    reach(context);
    struct view view = look(context);
    struct ethernet *ethernet = (struct ethernet *)view.data;
    if ((u8 *)(ethernet + 1) > view.end)
        return PASSED_CUT;
    if (ethernet->destination[0] & 1)
        return PASSED_NOT_UNICAST;
    if (!is_for_us(packet, ethernet))
        return PASSED_OTHER_HOST;
    u16 type = ethernet->type;
    packet->network = sizeof *ethernet;
    if (has_vlans) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            if ((type == TYPE_TAG || type == TYPE_SERVICE_TAG) && !packet->tags.inner) {
                u16 *tag = (u16 *)network_of(view, packet);
                if ((u8 *)(tag + 2) > view.end)
                    return PASSED_CUT;
                *(packet->tags.outer ? &packet->tags.inner : &packet->tags.outer) = type | (u32)tag[0] << 16;
                type = tag[1];
                packet->network += 4;
            }
        }
    } else if (packet->tags.outer) {
        return PASSED_NOT_IP;
    }
    return type == TYPE_IPV4              ? read_ipv4(view, packet)
           : type == TYPE_IPV6 && has_ipv6 ? read_ipv6(view, packet)
                                          : PASSED_NOT_IP;
}
