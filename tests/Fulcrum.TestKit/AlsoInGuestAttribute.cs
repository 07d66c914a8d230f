using Xunit.v3;

namespace Fulcrum.TestKit;

/// <summary>
/// Marks what an older kernel must do, too: <c>./test</c> runs it on the machine with its project, and once more in a guest
/// (Linux 6.1), as part of the tier <c>kernel</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AlsoInGuestAttribute : Attribute, ITraitAttribute
{
    /// <summary>eng/run.sh asks for this trait.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("also", "guest")];
}
