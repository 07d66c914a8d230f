namespace Fulcrum.Linux.Netlink;

/// <summary>The answers to one question, until the kernel says that these were all.</summary>
internal sealed class Answers<T>
{
    private readonly List<T> _items = [];

    public IReadOnlyList<T> Items => _items;

    public bool IsComplete { get; private set; }

    /// <summary>Why there are no answers, or not all.</summary>
    public NetlinkError? Error { get; private set; }

    /// <summary>What was asked about changed meanwhile.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>Reads one datagram; what answers another question is left out.</summary>
    public void Read(ReadOnlySpan<byte> datagram, uint sequence, NetlinkDecoder<T> decode)
    {
        while (!IsComplete && NetlinkMessage.TryTake(ref datagram, out var message))
        {
            if (message.Sequence != sequence)
            {
                continue;
            }

            IsInterrupted |= message.Flags.HasFlag(NetlinkFlags.DumpInterrupted);
            if (NetlinkError.TryDecode(message, out var error))
            {
                IsComplete = true;
                Error = error;
            }
            else if (message.Type >= NetlinkMessage.FirstOfFamily && decode(message, out var value))
            {
                _items.Add(value);
            }
        }
    }
}
