using Xunit.v3;

namespace Fulcrum.TestKit;

/// <summary>
/// Marks what needs a kernel with more than every machine's has (ip_vs, VLAN, dummy, macvlan, tunnels). <c>./test</c>
/// leaves it out where its project runs on the machine, and runs it in a guest, as part of the tier <c>kernel</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class InGuestAttribute : Attribute, ITraitAttribute
{
    /// <summary>eng/run.sh asks for this trait.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("needs", "guest")];
}
