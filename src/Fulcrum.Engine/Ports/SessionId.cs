using System.Globalization;

namespace Fulcrum.Engine.Ports;

/// <summary>
/// What a session is called while it lasts. Loop and place say where it is found and may be another session's later;
/// the sequence is never, not even after a restart.
/// </summary>
/// <param name="Loop">The loop that has it.</param>
/// <param name="Place">Its place there.</param>
/// <param name="Sequence">Grows with each session of the loop.</param>
public readonly record struct SessionId(int Loop, int Place, long Sequence) : IComparable<SessionId>
{
    public static bool operator <(SessionId left, SessionId right) => left.CompareTo(right) < 0;

    public static bool operator >(SessionId left, SessionId right) => left.CompareTo(right) > 0;

    public static bool operator <=(SessionId left, SessionId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SessionId left, SessionId right) => left.CompareTo(right) >= 0;

    public static bool TryParse(string text, out SessionId id)
    {
        id = default;
        var parts = text.Split('-');
        if (
            parts.Length != 3
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var loop)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            || !long.TryParse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sequence)
            || sequence < 0
        )
        {
            return false;
        }

        id = new(loop, place, sequence);
        return true;
    }

    /// <summary>By where it is found: lists are in this order.</summary>
    public int CompareTo(SessionId other) =>
        (Loop, Place, Sequence).CompareTo((other.Loop, other.Place, other.Sequence));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Loop}-{Place}-{Sequence:x}");
}
