using Fulcrum.Model.Upstreams;

namespace Fulcrum.Model.Validation;

/// <summary>Every place where it may be said how backends are connected to.</summary>
internal static class ConnectWalk
{
    /// <param name="findings">Whose path leads to the place when it is looked at.</param>
    /// <param name="snapshot">All of it.</param>
    /// <param name="check">Looks at what is written there.</param>
    public static void Each(Findings findings, Snapshot snapshot, Action<Findings, ConnectOptions> check)
    {
        using (findings.In("defaults"))
        {
            Visit(findings, snapshot.Defaults.Connect, check);
        }

        using var kind = findings.In("upstreams");
        foreach (var upstream in snapshot.Upstreams)
        {
            using var at = findings.In(upstream.Name);
            Visit(findings, upstream.Connect, check);
            using var list = findings.In("backends");
            for (var i = 0; i < upstream.Backends.Count; i++)
            {
                using var index = findings.At(i);
                Visit(findings, upstream.Backends[i].Connect, check);
            }
        }
    }

    private static void Visit(Findings findings, ConnectOptions? connect, Action<Findings, ConnectOptions> check)
    {
        if (connect is not null)
        {
            using var part = findings.In("connect");
            check(findings, connect);
        }
    }
}
