using System.Text.Json;
using Fulcrum.Engine.Deriving.Numbers;

namespace Fulcrum.Engine.Keeping;

/// <summary>A sticky number as the journal holds it; whose it is stands in the key.</summary>
internal sealed record KeptNumber(int Value, DateTimeOffset? FreedAt = null)
{
    public static string KeyOf(NumberKey key) => $"{key.Kind}/{key.Owner}";

    public static string Write(LedgerEntry entry) =>
        JsonSerializer.Serialize(new KeptNumber(entry.Value, entry.FreedAt), KeptJson.Default.KeptNumber);

    /// <summary>Null: not understood.</summary>
    public static (NumberKey Owner, LedgerEntry Entry)? Read(string key, string text)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return
            slash > 0
            && Enum.TryParse<NumberKind>(key[..slash], out var kind)
            && KeptJson.TryRead(text, KeptJson.Default.KeptNumber) is { } kept
            ? (new(kind, key[(slash + 1)..]), new(kept.Value, kept.FreedAt))
            : null;
    }
}
