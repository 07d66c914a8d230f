using Fulcrum.Engine.Secrets;
using Fulcrum.Linux.Files;
using Fulcrum.Model.Values;

namespace Fulcrum.Health.Probing;

/// <summary>
/// Reads secrets where they are kept, and again when their file changes: they are rotated without a restart. Files are
/// looked at once a second at most. Owned by one loop.
/// </summary>
internal sealed class Secrets(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SecretReference, Kept> _kept = [];

    /// <summary>The secret, without the line's end that editors put behind it.</summary>
    /// <exception cref="SecretException">It cannot be had.</exception>
    public ReadOnlyMemory<byte> Read(SecretReference reference)
    {
        var now = time.GetTimestamp();
        if (_kept.TryGetValue(reference, out var kept) && time.GetElapsedTime(kept.Looked, now) < Pause)
        {
            return kept.Value;
        }

        var stamp = reference.File is { } path ? FileStamp.Of(path) : default;
        var value =
            kept is not null && stamp == kept.Stamp && stamp != default ? kept.Value : SecretFile.Read(reference);
        _kept[reference] = new(value, stamp, now);
        return value;
    }

    private sealed record Kept(ReadOnlyMemory<byte> Value, FileStamp Stamp, long Looked);
}
