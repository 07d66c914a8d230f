namespace Fulcrum.Proxy.AccessLogs;

/// <summary>
/// Makes one object of texts that clients send again and again, for one loop. Bounded: each has one place, which the next
/// that belongs there takes over, so that whoever sends ever new ones costs himself an allocation each time and nobody else
/// memory.
/// </summary>
internal sealed class TextCache
{
    /// <summary>A power of two.</summary>
    private const int Places = 1024;

    private string[]? _texts;

    /// <summary>Null: there is no text.</summary>
    public string? Of(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return null;
        }
        _texts ??= new string[Places];
        ref var place = ref _texts[string.GetHashCode(text, StringComparison.Ordinal) & (Places - 1)];
        if (!text.SequenceEqual(place))
        {
            place = text.ToString();
        }
        return place;
    }
}
