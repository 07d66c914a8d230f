// What became of each frame, as it is counted. Below DROPPED the kernel gets it as it came, below TAKEN it ends here, and
// from there on the kernel gets what was inside.
#pragma once

enum reason {
    PASSED_NOT_IP = 0,
    PASSED_NOT_UNICAST = 1,
    PASSED_CUT = 2,        // too short for the headers that it says it has
    PASSED_NOT_TUNNEL = 3, // IP with something else inside
    PASSED_OUTER = 4,      // a tunnel's packet that is a fragment, or has options or extension headers: the kernel's
    PASSED_NOT_VIP = 5,    // a tunnel, but what is inside is for another address

    DROPPED = 16,
    DROPPED_DENIED = 16, // for a vip, but from none of the balancers
    DROPPED_CUT = 17,
    DROPPED_CHECKSUM = 18,   // of the outer header
    DROPPED_CONGESTION = 19, // the way was congested, and what is inside could not tell its sender (RFC 6040, 4.2)
    DROPPED_NO_ROOM = 20,    // the kernel could not take the outer header off

    TAKEN = 32,
    TAKEN_IPV4_IN_IPV4 = 32,
    TAKEN_IPV6_IN_IPV4 = 33,
    TAKEN_IPV4_IN_IPV6 = 34,
    TAKEN_IPV6_IN_IPV6 = 35,
    TAKEN_GUE_IN_IPV4 = 36,
    TAKEN_GUE_IN_IPV6 = 37,

    REASONS = 64,
    READ = 64, // no end: go on
};
