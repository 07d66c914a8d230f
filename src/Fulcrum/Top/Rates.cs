namespace Fulcrum.Top;

/// <summary>Of one object between two samples, each in a second.</summary>
internal readonly record struct Rates(double Sessions, double BytesIn, double BytesOut)
{
    /// <summary>
    /// Rates of all that both samples know. An object that came between them has none yet: when it began is not known.
    /// A counter that went back has begun anew, with its node or its service, and all that it has now is new.
    /// </summary>
    public static IReadOnlyDictionary<string, Rates> Between(Sample before, Sample after)
    {
        var seconds = after.At - before.At;
        var rates = new Dictionary<string, Rates>(StringComparer.Ordinal);
        if (seconds <= 0)
        {
            return rates;
        }

        foreach (var (name, now) in after.Counts)
        {
            if (before.Counts.TryGetValue(name, out var then))
            {
                // All of them begin anew together, also those that have overtaken what they were.
                var since =
                    now.Total < then.Total || now.BytesIn < then.BytesIn || now.BytesOut < then.BytesOut
                        ? default
                        : then;
                rates[name] = new(
                    (now.Total - since.Total) / seconds,
                    (now.BytesIn - since.BytesIn) / seconds,
                    (now.BytesOut - since.BytesOut) / seconds
                );
            }
        }

        return rates;
    }
}
