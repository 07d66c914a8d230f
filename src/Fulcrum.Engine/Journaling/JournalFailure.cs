namespace Fulcrum.Engine.Journaling;

/// <summary>Why the journal did not do what was asked.</summary>
public enum JournalFailure
{
    /// <summary>The disk is full, read-only, failing or in use by another process. The same can be asked again.</summary>
    Disk,

    /// <summary>The bound on what the journal holds is reached.</summary>
    Full,

    /// <summary>The files were written by a newer version; they were left as they are.</summary>
    NewerVersion,

    /// <summary>Nothing is taken any more.</summary>
    Stopping,
}
