using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>IP packets and their bytes, and connections that were begun.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TrafficEntry(
    ulong Packets,
    ulong Bytes,
    ulong Connections,
    ulong Answers,
    ulong AnswerBytes
)
{
    public static TrafficEntry operator +(TrafficEntry one, TrafficEntry other) =>
        new(
            one.Packets + other.Packets,
            one.Bytes + other.Bytes,
            one.Connections + other.Connections,
            one.Answers + other.Answers,
            one.AnswerBytes + other.AnswerBytes
        );
}
