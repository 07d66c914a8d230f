namespace Fulcrum.Examining;

/// <summary>Of something that this machine should have; what is worse comes later.</summary>
internal enum ThingState
{
    Fine,

    /// <summary>It works, and more would be better.</summary>
    Limited,

    /// <summary>It could not be found out.</summary>
    Unknown,
    Lacking,
}
