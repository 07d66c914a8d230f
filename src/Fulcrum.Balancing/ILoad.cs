namespace Fulcrum.Balancing;

/// <summary>What the backends carry at this moment, by index of the candidate. Called on the hot path, by one loop.</summary>
public interface ILoad
{
    /// <summary>Established connections (or whatever the upstream counts as load) of the backend; 0 or more.</summary>
    int ActiveOf(int index);

    /// <summary>Whether the backend may take one more.</summary>
    bool HasRoom(int index);
}
