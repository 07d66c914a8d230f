namespace Fulcrum.Balancing.Tests;

/// <summary>Load as the test wants it.</summary>
internal sealed class FakeLoad(int count) : ILoad
{
    public int[] Active { get; } = new int[count];

    public bool[] Full { get; } = new bool[count];

    public int ActiveOf(int index) => Active[index];

    public bool HasRoom(int index) => !Full[index];
}
