// Headers as they are on the wire: numbers in network order.
#pragma once
#include "bpf.h"

#define SWAP16(value) ((u16)__builtin_bswap16(value))
#define SWAP32(value) __builtin_bswap32(value)
#define WIRE16(value) ((u16)((((value) & 0xff) << 8) | ((value) >> 8)))
#define WIRE32(value) ((((value) & 0xffu) << 24) | (((value) & 0xff00u) << 8) | (((value) >> 8) & 0xff00u) | ((value) >> 24))

enum {
    TYPE_IPV4 = WIRE16(0x0800),
    TYPE_IPV6 = WIRE16(0x86dd),
    TYPE_TAG = WIRE16(0x8100),         // IEEE 802.1Q
    TYPE_SERVICE_TAG = WIRE16(0x88a8), // 802.1ad, the outer of two
};

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_ICMP = 1,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_ICMPV6 = 58,
    PROTOCOL_DESTINATION = 60,
};

enum {
    // RFC 792
    ICMP_UNREACHABLE = 3,
    ICMP_ECHO = 8,
    ICMP_EXPIRED = 11,
    ICMP_PARAMETER = 12,
    ICMP_NEEDS_FRAGMENTS = 4, // a code of ICMP_UNREACHABLE

    // RFC 4443
    ICMPV6_UNREACHABLE = 1,
    ICMPV6_TOO_BIG = 2,
    ICMPV6_EXPIRED = 3,
    ICMPV6_PARAMETER = 4,
    ICMPV6_ECHO = 128,
};

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

struct ethernet {
    u16 destination[3];
    u16 source[3];
    u16 type;
};

struct ipv4 {
    u8 version_and_words;
    u8 service;
    u16 length;
    u16 number;
    u16 fragment;
    u8 ttl;
    u8 protocol;
    u16 checksum;
    u32 source;
    u32 destination;
};

enum { IPV4_PLAIN = 0x45, IPV4_DO_NOT_FRAGMENT = WIRE16(0x4000), IPV4_FRAGMENT = WIRE16(0x3fff) };

struct ipv6 {
    u32 version_class_label;
    u16 length;
    u8 next;
    u8 hops;
    u32 source[4];
    u32 destination[4];
};

struct tcp {
    u16 source;
    u16 destination;
    u32 sequence;
    u32 acknowledged;
    u8 words;
    u8 flags;
    u16 window;
    u16 checksum;
    u16 urgent;
};

struct udp {
    u16 source;
    u16 destination;
    u16 length;
    u16 checksum;
};

struct icmp {
    u8 type;
    u8 code;
    u16 checksum;
    u32 rest;
};
