// Why each packet went where it went. Every way out of the program is one of these, and each is counted: there is no
// silent drop. The number says the verdict, too: below DROPPED the kernel gets the packet as it came, below SENT it ends
// here, and below SAW it leaves changed. What is SAW says more of a packet that is also counted as something else.
#pragma once

enum reason {
    PASSED_NOT_IP = 0,
    PASSED_CUT = 1,         // too short for the headers that it says it has
    PASSED_MALFORMED = 2,   // another version than its type says, a header shorter than there can be
    PASSED_NOT_UNICAST = 3, // a frame to many: nothing that one node alone may forward
    PASSED_NOT_VIP = 4,
    PASSED_ECHO = 5, // the kernel owns the address, and answers
    PASSED_ICMP = 6,
    PASSED_UNRELATED = 7, // an ICMP error about nothing that goes through here
    PASSED_FRAGMENT = 8,
    PASSED_OPTIONS = 9,
    PASSED_PROTOCOL = 10,
    PASSED_OTHER_HOST = 11, // heard, but the hardware address is not the interface's
    PASSED_UNATTENDED = 12, // nobody has looked after the tables for long

    DROPPED = 32,
    DROPPED_CUT = 32,
    DROPPED_MALFORMED = 33,
    DROPPED_FRAGMENT = 34,
    DROPPED_OPTIONS = 35,
    DROPPED_DENIED = 36,
    DROPPED_NO_RING = 37,
    DROPPED_NO_BACKEND = 38,
    DROPPED_NO_ROOM = 39,     // before the frame, for what a tunnel adds
    DROPPED_UNRESOLVED = 40,  // nobody knows the backend's hardware address yet
    DROPPED_FAMILY = 41,      // NAT between IPv4 and IPv6
    DROPPED_NO_PORT = 42,     // all tries found a port of another connection
    DROPPED_GUARDED = 43,     // more new flows than may be stored
    DROPPED_QUIET = 44,       // an error was due, and as many were told as may be
    DROPPED_NO_CHECKSUM = 45, // IPv6 outside wants one, and inside there is none to derive it from
    DROPPED_UNKNOWN = 46,     // a way of forwarding that this program was loaded without
    DROPPED_EXPIRED = 47,
    DROPPED_TOO_BIG = 48,

    SENT = 64,
    SENT_DIRECT = 64,
    SENT_TUNNEL = 65,
    SENT_NAT = 66,
    SENT_ANSWER = 67, // from a backend to its client
    SENT_TOO_BIG = 68,
    SENT_EXPIRED = 69,

    SAW = 96,
    SAW_CHOSEN = 96, // by the ring
    SAW_STORED = 97,
    SAW_STALE = 98,  // a flow of a backend that is gone; its number is another's now
    SAW_DOWN = 99,   // a flow of a backend that failed
    SAW_AGED = 100,  // a flow that was silent for too long
    SAW_GUARDED = 101,
    SAW_NEXT = 102, // the ring named a backend that failed
    SAW_ERROR = 103, // an ICMP error, on its way to whom it concerns
    SAW_MOVED = 104, // a new connection under an old flow, whose backend takes none

    REASONS = 128,
    READ = 128, // no end: go on
};
