using Fulcrum.Model;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>What the services lead to that one derivation looks at, each found once.</summary>
internal sealed class Reaches(Snapshot snapshot)
{
    private readonly Dictionary<string, Reach> _found = new(StringComparer.Ordinal);

    public Reach Of(Service service)
    {
        if (!_found.TryGetValue(service.Name, out var reach))
        {
            _found[service.Name] = reach = Reach.Of(snapshot, service);
        }

        return reach;
    }
}
