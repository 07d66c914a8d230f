using System.Globalization;

namespace Fulcrum.Api.Events;

/// <summary>Where somebody is in the events of a run: the <c>id</c> of server-sent events, <c>RUN-SEQUENCE</c>.</summary>
internal readonly record struct EventPlace(long Run, long Sequence)
{
    public static bool TryParse(string text, out EventPlace place)
    {
        place = default;
        var parts = text.Split('-');
        if (
            parts.Length != 2
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var run)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
        )
        {
            return false;
        }

        place = new(run, sequence);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run}-{Sequence}");
}
