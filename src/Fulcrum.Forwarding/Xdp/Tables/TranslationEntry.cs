using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>What the answers of a backend become.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TranslationEntry
{
    /// <summary>The vip.</summary>
    public TableAddress Source { get; init; }

    /// <summary>The client.</summary>
    public TableAddress Destination { get; init; }

    public TablePort SourcePort { get; init; }

    public TablePort DestinationPort { get; init; }

    public uint Backend { get; init; }

    public uint Vip { get; init; }

    public uint Seen { get; init; }

    /// <summary>The way back is the way that the client's packet came.</summary>
    public uint Interface { get; init; }

    public TableHardware Hardware { get; init; }

    public TableHardware SourceHardware { get; init; }

    public TableTags Tags { get; init; }
}
