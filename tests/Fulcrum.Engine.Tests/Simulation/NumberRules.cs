using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.TestKit.Simulation;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>Of a number that planes were told: it has one owner, and changes it only after a long rest.</summary>
internal sealed class NumberRules(SimulatedNode node)
{
    private readonly Dictionary<(NumberKind Kind, int Number), (string Owner, DateTimeOffset At)> _owners = [];

    /// <summary>How many numbers were ever seen.</summary>
    public int Seen => _owners.Count;

    public void Check()
    {
        foreach (var service in node.Planes.SelectMany(plane => plane.Table.Services.Values))
        {
            Tell(NumberKind.ServiceMark, service.Mark, service.Name);
            foreach (var upstream in service.Listeners.Select(listener => listener.Upstream))
            {
                foreach (var backend in upstream.Backends)
                {
                    var owner = $"{upstream.Name}/{backend.Id}@{backend.Address}:{backend.Port}";
                    Tell(NumberKind.Backend, backend.Number, owner);
                    Tell(NumberKind.ProbeMark, backend.ProbeMark, $"{upstream.Name}/{backend.Id}@{backend.Address}");
                }
            }
        }
    }

    private void Tell(NumberKind kind, int? number, string owner)
    {
        if (number is not { } value)
        {
            return;
        }

        var now = node.Time.GetUtcNow();
        if (_owners.TryGetValue((kind, value), out var last) && last.Owner != owner)
        {
            Rule.Holds(now - last.At >= Ledger.Rest, $"{kind} {value} is {owner}'s, and was {last.Owner}'s just now");
        }

        _owners[(kind, value)] = (owner, now);
    }
}
