namespace Fulcrum.Engine.Planning;

/// <summary>What becomes of something.</summary>
public enum Effect
{
    /// <summary>A listener opens.</summary>
    Opens,

    /// <summary>A listener takes no more connections.</summary>
    Closes,

    /// <summary>A service goes to another plane, or a listener to another service.</summary>
    Moves,

    /// <summary>It is as it was, and keeps what it has.</summary>
    Stays,

    /// <summary>A backend joins.</summary>
    Joins,

    /// <summary>A backend gets no new connections, and may finish those it has until a deadline.</summary>
    Drains,

    /// <summary>A service is not carried, or a vip not up, although it is wanted.</summary>
    Waits,

    /// <summary>A vip comes up.</summary>
    Rises,

    /// <summary>A vip goes down, or an announcement is taken back.</summary>
    Withdraws,

    /// <summary>The network is told of an address.</summary>
    Announces,
}
