using Fulcrum.Engine.Ports;

namespace Fulcrum.TestKit.Fakes;

/// <summary>What a plane finds new in a table, line by line. Found by references alone, as planes do it.</summary>
public static class PlaneTableChanges
{
    public static IEnumerable<string> Between(PlaneTable before, PlaneTable after)
    {
        foreach (var (name, old, now) in after.Services.ChangesSince(before.Services))
        {
            if (now is null)
            {
                yield return $"- service {name}";
                continue;
            }

            if (old is null)
            {
                yield return $"+ service {name}";
            }

            foreach (var line in BackendsOf(name, old, now))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> BackendsOf(string service, PlaneService? old, PlaneService now)
    {
        var before = Members(old);
        var after = Members(now);
        foreach (var (key, backend) in after)
        {
            if (!before.TryGetValue(key, out var was))
            {
                yield return $"+ backend {service} {key} {Describe(backend)}";
            }
            else if (!ReferenceEquals(was, backend))
            {
                yield return $"~ backend {service} {key} {Describe(backend)}";
            }
        }

        foreach (var key in before.Keys.Where(key => !after.ContainsKey(key)))
        {
            yield return $"- backend {service} {key}";
        }
    }

    private static Dictionary<string, PlaneBackend> Members(PlaneService? service)
    {
        var members = new Dictionary<string, PlaneBackend>(StringComparer.Ordinal);
        foreach (var listener in service?.Listeners ?? [])
        {
            foreach (var backend in listener.Upstream.Backends)
            {
                members[$"{listener.Upstream.Name}/{backend.Id}@{backend.Address}"] = backend;
            }
        }

        return members;
    }

    private static string Describe(PlaneBackend backend) =>
        $"{backend.Duty.ToString().ToLowerInvariant()} weight {backend.Weight}";
}
