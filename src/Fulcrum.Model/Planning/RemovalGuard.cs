using Fulcrum.Model.Problems;

namespace Fulcrum.Model.Planning;

/// <summary>
/// Refuses a change that would remove more than the share that the running configuration allows. What stands in the
/// new one does not matter: a broken file must not be able to talk its way past.
/// </summary>
public static class RemovalGuard
{
    /// <summary>Of fewer things a large share is soon gone, and nothing is strange about it.</summary>
    private const int FewestThatCount = 10;

    /// <summary>Why the change is refused; null: it may be made. Without a running configuration everything may.</summary>
    public static Problem? Check(Snapshot running, Snapshot next)
    {
        if (running.Guard.Share is not { } share || ReferenceEquals(running, next))
        {
            return null;
        }

        var losses = new List<string>();
        Count(losses, "services", share, running.Services.Count, Gone(running.Services, next.Services));
        Count(losses, "backends", share, Backends(running), GoneBackends(running, next));
        Count(losses, "vips", share, running.Vips.Count, Gone(running.Vips, next.Vips));
        return losses.Count == 0
            ? null
            : new()
            {
                Path = "guard",
                Message =
                    $"would remove {string.Join(" and ", losses)}, and the guard of the running configuration allows "
                    + $"{Values.Amount.OfShare(share)}; if that is meant, apply it with --allow-removals",
            };
    }

    private static void Count(List<string> losses, string kind, double share, int present, int gone)
    {
        if (present >= FewestThatCount && gone / (double)present > share)
        {
            losses.Add($"{gone} of {present} {kind}");
        }
    }

    private static int Gone<T>(Values.Named<T> before, Values.Named<T> after)
        where T : class, Values.INamed
    {
        var gone = 0;
        foreach (var change in after.ChangesSince(before))
        {
            gone += change.After is null ? 1 : 0;
        }

        return gone;
    }

    private static int Backends(Snapshot snapshot)
    {
        var count = 0;
        foreach (var upstream in snapshot.Upstreams)
        {
            count += upstream.Backends.Count;
        }

        return count;
    }

    private static int GoneBackends(Snapshot before, Snapshot after)
    {
        var gone = 0;
        foreach (var change in after.Upstreams.ChangesSince(before.Upstreams))
        {
            if (change.Before is { } was)
            {
                var stays = (change.After?.Backends ?? [])
                    .Select(backend => backend.Id)
                    .ToHashSet(StringComparer.Ordinal);
                gone += was.Backends.Count(backend => !stays.Contains(backend.Id));
            }
        }

        return gone;
    }
}
