using System.Runtime.InteropServices;

namespace Fulcrum.TestKit.Fakes;

/// <summary>One file of a <see cref="MemoryJournalDisk"/>: what a process sees, what power loss leaves, and how they differ.</summary>
internal sealed class MemoryJournalDiskFile
{
    private readonly List<byte> _seen;
    private readonly List<byte> _durable;
    private readonly List<Write> _pending = [];

    public MemoryJournalDiskFile(IReadOnlyCollection<byte> content)
    {
        _seen = [.. content];
        _durable = [.. content];
    }

    public int Length => _seen.Count;

    public IReadOnlyList<Write> Pending => _pending;

    public byte[] Content => [.. _seen];

    public List<byte> Durable => [.. _durable];

    public void Append(long moment, ReadOnlySpan<byte> content)
    {
        _seen.AddRange(content);
        _pending.Add(new(moment, content.ToArray(), 0));
    }

    public void Truncate(long moment, int length)
    {
        CollectionsMarshal.SetCount(_seen, length);
        _pending.Add(new(moment, null, length));
    }

    public void Flush()
    {
        foreach (var write in _pending)
        {
            write.Apply(_durable, write.Cost);
        }

        _pending.Clear();
    }

    /// <summary>
    /// A flush fails, and the kernel takes the pages for clean: later flushes succeed without writing them, which only
    /// a loss of power brings to light.
    /// </summary>
    public void Lose()
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            var (moment, appended, length) = _pending[i];
            _pending[i] = new(moment, appended is null ? null : new byte[appended.Length], length);
        }
    }

    /// <summary>Something that is not yet durable: bytes at the end, or another length.</summary>
    internal sealed record Write(long Moment, byte[]? Appended, int Truncated)
    {
        public int Cost => Appended?.Length ?? 1;

        /// <param name="kept">How much of it reaches the disk.</param>
        public void Apply(List<byte> content, int kept)
        {
            if (Appended is not null)
            {
                content.AddRange(Appended.AsSpan(0, kept));
            }
            else if (kept > 0)
            {
                // What comes before it may have reached the disk in part only.
                CollectionsMarshal.SetCount(content, Math.Min(content.Count, Truncated));
            }
        }
    }
}
