using Fulcrum.Linux.Processes;

namespace Fulcrum.Health.Probing.Programs;

/// <summary>Programs that were killed and whose end nobody has seen yet: they outlive their probes, but not the prober.</summary>
internal sealed class DyingPrograms
{
    private readonly HashSet<ChildProcess> _children = [];

    public void Add(ChildProcess child) => _children.Add(child);

    public void Remove(ChildProcess child) => _children.Remove(child);

    /// <summary>Waits for their end.</summary>
    public void Close()
    {
        foreach (var child in _children)
        {
            child.Dispose();
        }

        _children.Clear();
    }
}
