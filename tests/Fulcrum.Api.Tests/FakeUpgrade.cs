using Fulcrum.Api.Upgrading;

namespace Fulcrum.Api.Tests;

/// <summary>An upgrade that begins and does nothing.</summary>
internal sealed class FakeUpgrade : INodeUpgrade
{
    public UpgradeDocument Last { get; private set; } = Document(UpgradeDocument.None);

    public string? WhyNoChanges { get; set; }

    public (string By, TimeSpan Within) Begun { get; private set; }

    public string? Begin(string by, TimeSpan within)
    {
        if (Last.State == UpgradeDocument.Running)
        {
            return "one is under way";
        }

        (Begun, Last) = ((by, within), Document(UpgradeDocument.Running));
        return null;
    }

    private static UpgradeDocument Document(string state) => new("1", state) { Pid = 1, Version = "1.2.3" };
}
