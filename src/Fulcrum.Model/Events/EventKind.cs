namespace Fulcrum.Model.Events;

/// <summary>What an event is about.</summary>
public enum EventKind
{
    /// <summary>A change of the configuration came into force, was confirmed or was taken back.</summary>
    Configuration,

    /// <summary>A service came, went, or is healthy no more or again.</summary>
    Service,

    /// <summary>A backend came, went, or has another duty or health.</summary>
    Backend,

    /// <summary>A check has another verdict, flaps or flaps no more.</summary>
    Check,

    /// <summary>An address comes, stands, goes or is down.</summary>
    Vip,

    /// <summary>An operator decided, or a decision is in force no more.</summary>
    Override,

    /// <summary>An object of an adapter cannot be had, or can again.</summary>
    Trouble,

    /// <summary>A certificate that clients are shown came, went, was renewed, ends soon or is over, or its files fail.</summary>
    Certificate,
}
