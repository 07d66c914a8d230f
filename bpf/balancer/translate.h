// Changing the addresses and ports of a packet: from those of its flow to those of another. Checksums follow by what
// changed, wherever the addresses or ports count in them.
//
// An ICMP error is changed outside and in what it quotes, where everything stands the other way round (RFC 5508, 4.2). The
// checksum of a quoted header of IPv4 makes up for its changed addresses, so that only ports count for ICMP; in IPv6
// addresses count, too. The quoted transport's checksum stays as it is: nobody reads it, and mostly it is cut off.
#pragma once
#include "direct.h"

INLINE u32 translate_transport(hook *context, struct view view, struct packet *packet, u8 *transport, const struct flow *to, u64 addresses)
{
    u64 ports = changed16(packet->flow.source_port, to->source_port) +
                changed16(packet->flow.destination_port, to->destination_port);
    u16 *checksum;
    if (packet->flow.protocol == PROTOCOL_TCP) {
        struct tcp *tcp = (struct tcp *)transport;
        if ((u8 *)(tcp + 1) > view.end)
            return DROPPED_CUT;
        tcp->source = to->source_port;
        tcp->destination = to->destination_port;
        checksum = &tcp->checksum;
    } else {
        struct udp *udp = (struct udp *)transport;
        if ((u8 *)(udp + 1) > view.end)
            return DROPPED_CUT;
        udp->source = to->source_port;
        udp->destination = to->destination_port;
        checksum = &udp->checksum;
    }
    update_transport(context, packet, checksum, addresses, ports);
    return READ;
}

INLINE void translate_quoted_ports(struct packet *packet, struct icmp *icmp, struct udp *ports, const struct flow *to, u64 difference)
{
    difference += changed16(ports->source, to->destination_port) + changed16(ports->destination, to->source_port);
    ports->source = to->destination_port;
    ports->destination = to->source_port;
    icmp->checksum = updated(icmp->checksum, difference);
}

INLINE u32 translate_error_ipv4(struct view view, struct packet *packet, const struct flow *to)
{
    struct ipv4 *ip = (struct ipv4 *)network_of(view, packet);
    struct icmp *icmp = (struct icmp *)(ip + 1);
    struct ipv4 *quoted = (struct ipv4 *)(icmp + 1);
    struct udp *ports = (struct udp *)(quoted + 1);
    if ((u8 *)(ports + 1) > view.end)
        return DROPPED_CUT;
    u32 source = ip->source == packet->flow.source[3] ? to->source[3] : ip->source;
    u64 difference = changed32(ip->source, source) + changed32(ip->destination, to->destination[3]);
    ip->source = source;
    ip->destination = to->destination[3];
    ip->checksum = updated(ip->checksum, difference);
    difference = changed32(quoted->source, to->destination[3]) + changed32(quoted->destination, to->source[3]);
    u16 checksum = updated(quoted->checksum, difference);
    // Where the quoted checksum was damaged, the sum is another afterwards only by what is told here.
    difference += changed16(quoted->checksum, checksum);
    quoted->source = to->destination[3];
    quoted->destination = to->source[3];
    quoted->checksum = checksum;
    translate_quoted_ports(packet, icmp, ports, to, difference);
    return READ;
}

INLINE u32 translate_error_ipv6(struct view view, struct packet *packet, const struct flow *to)
{
    struct ipv6 *ip = (struct ipv6 *)network_of(view, packet);
    struct icmp *icmp = (struct icmp *)(ip + 1);
    struct ipv6 *quoted = (struct ipv6 *)(icmp + 1);
    struct udp *ports = (struct udp *)(quoted + 1);
    if ((u8 *)(ports + 1) > view.end)
        return DROPPED_CUT;
    u64 difference = changed_address(ip->destination, to->destination) +
                     changed_address(quoted->source, to->destination) + changed_address(quoted->destination, to->source);
    if (is_same_address(ip->source, packet->flow.source)) {
        difference += changed_address(ip->source, to->source);
        copy_address(ip->source, to->source);
    }
    copy_address(ip->destination, to->destination);
    copy_address(quoted->source, to->destination);
    copy_address(quoted->destination, to->source);
    translate_quoted_ports(packet, icmp, ports, to, difference);
    return READ;
}

FUNCTION enum reason translate(hook *context, struct packet *packet, const struct flow *to)
{
    struct view view = look(context);
    if (packet->is_error)
        return packet->is_ipv6 ? translate_error_ipv6(view, packet, to) : translate_error_ipv4(view, packet, to);
    u64 difference;
    if (packet->is_ipv6) {
        struct ipv6 *ip = (struct ipv6 *)network_of(view, packet);
        if ((u8 *)(ip + 1) > view.end)
            return DROPPED_CUT;
        difference = changed_address(ip->source, to->source) + changed_address(ip->destination, to->destination);
        copy_address(ip->source, to->source);
        copy_address(ip->destination, to->destination);
        return translate_transport(context, view, packet, (u8 *)(ip + 1), to, difference);
    }
    struct ipv4 *ip = (struct ipv4 *)network_of(view, packet);
    if ((u8 *)(ip + 1) > view.end)
        return DROPPED_CUT;
    difference = changed32(ip->source, to->source[3]) + changed32(ip->destination, to->destination[3]);
    ip->source = to->source[3];
    ip->destination = to->destination[3];
    ip->checksum = updated(ip->checksum, difference);
    return translate_transport(context, view, packet, (u8 *)(ip + 1), to, difference);
}
